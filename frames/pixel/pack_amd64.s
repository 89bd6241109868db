//go:build !noasm

#include "textflag.h"

// Of four pixels r g b: the numbers b + g<<8 + r<<16.
DATA packOrder<>+0(SB)/8, $0x8003040580000102
DATA packOrder<>+8(SB)/8, $0x80090a0b80060708
GLOBL packOrder<>(SB), RODATA|NOPTR, $16

// func packRGBAVX2(dst *float32, src *byte, n int)
TEXT ·packRGBAVX2(SB), NOSPLIT, $0-24
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ n+16(FP), CX
	VBROADCASTI128 packOrder<>(SB), Y1

loop:
	VMOVDQU     (SI), X0
	VINSERTI128 $1, 12(SI), Y0, Y0
	VPSHUFB     Y1, Y0, Y0
	VCVTDQ2PS   Y0, Y0
	VMOVUPS     Y0, (DI)
	ADDQ        $24, SI
	ADDQ        $32, DI
	SUBQ        $8, CX
	JNE         loop

	VZEROUPPER
	RET

// What repeats a byte three times.
DATA threeTimes<>+0(SB)/4, $0x010101
GLOBL threeTimes<>(SB), RODATA|NOPTR, $4

// func packGrayAVX2(dst *float32, src *byte, n int)
TEXT ·packGrayAVX2(SB), NOSPLIT, $0-24
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ n+16(FP), CX
	VPBROADCASTD threeTimes<>(SB), Y1

loop:
	VPMOVZXBD (SI), Y0
	VPMULLD   Y1, Y0, Y0
	VCVTDQ2PS Y0, Y0
	VMOVUPS   Y0, (DI)
	ADDQ      $8, SI
	ADDQ      $32, DI
	SUBQ      $8, CX
	JNE       loop

	VZEROUPPER
	RET
