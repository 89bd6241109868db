//go:build !noasm

#include "textflag.h"

// Kernels that bring samples together or apart, 32 a turn. Those that gather give the
// mean of two rows, rounded up; of twice the same row that is the row.

// func every2AVX2(dst, a, b *byte, n, shift int)
TEXT ·every2AVX2(SB), NOSPLIT, $0-40
	MOVQ     dst+0(FP), DI
	MOVQ     a+8(FP), SI
	MOVQ     b+16(FP), R8
	MOVQ     n+24(FP), CX
	VMOVQ    shift+32(FP), X13
	VPCMPEQW Y15, Y15, Y15
	VPSRLW   $8, Y15, Y15

loop:
	VMOVDQU   (SI), Y0
	VMOVDQU   32(SI), Y1
	VPAVGB    (R8), Y0, Y0
	VPAVGB    32(R8), Y1, Y1
	VPSRLW    X13, Y0, Y0
	VPSRLW    X13, Y1, Y1
	VPAND     Y15, Y0, Y0
	VPAND     Y15, Y1, Y1
	VPACKUSWB Y1, Y0, Y0
	VPERMQ    $0xD8, Y0, Y0
	VMOVDQU   Y0, (DI)
	ADDQ      $64, SI
	ADDQ      $64, R8
	ADDQ      $32, DI
	SUBQ      $32, CX
	JNE       loop
	VZEROUPPER
	RET

// Packing twice leaves groups of four samples in this order.
DATA groups<>+0(SB)/8, $0x0000000400000000
DATA groups<>+8(SB)/8, $0x0000000500000001
DATA groups<>+16(SB)/8, $0x0000000600000002
DATA groups<>+24(SB)/8, $0x0000000700000003
GLOBL groups<>(SB), RODATA|NOPTR, $32

// func every4AVX2(dst, a, b *byte, n, shift int)
TEXT ·every4AVX2(SB), NOSPLIT, $0-40
	MOVQ     dst+0(FP), DI
	MOVQ     a+8(FP), SI
	MOVQ     b+16(FP), R8
	MOVQ     n+24(FP), CX
	VMOVQ    shift+32(FP), X13
	VMOVDQU  groups<>(SB), Y14
	VPCMPEQW Y15, Y15, Y15
	VPSRLD   $24, Y15, Y15

loop:
	VMOVDQU   (SI), Y0
	VMOVDQU   32(SI), Y1
	VMOVDQU   64(SI), Y2
	VMOVDQU   96(SI), Y3
	VPAVGB    (R8), Y0, Y0
	VPAVGB    32(R8), Y1, Y1
	VPAVGB    64(R8), Y2, Y2
	VPAVGB    96(R8), Y3, Y3
	VPSRLD    X13, Y0, Y0
	VPSRLD    X13, Y1, Y1
	VPSRLD    X13, Y2, Y2
	VPSRLD    X13, Y3, Y3
	VPAND     Y15, Y0, Y0
	VPAND     Y15, Y1, Y1
	VPAND     Y15, Y2, Y2
	VPAND     Y15, Y3, Y3
	VPACKUSDW Y1, Y0, Y0
	VPACKUSDW Y3, Y2, Y2
	VPACKUSWB Y2, Y0, Y0
	VPERMD    Y0, Y14, Y0
	VMOVDQU   Y0, (DI)
	SUBQ      $-128, SI
	SUBQ      $-128, R8
	ADDQ      $32, DI
	SUBQ      $32, CX
	JNE       loop
	VZEROUPPER
	RET

// func mergeAVX2(dst, first, second *byte, n int)
TEXT ·mergeAVX2(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ first+8(FP), SI
	MOVQ second+16(FP), R8
	MOVQ n+24(FP), CX

loop:
	VMOVDQU      (SI), Y0
	VMOVDQU      (R8), Y1
	VPUNPCKLBW   Y1, Y0, Y2
	VPUNPCKHBW   Y1, Y0, Y3
	VMOVDQU      X2, (DI)
	VMOVDQU      X3, 16(DI)
	VEXTRACTI128 $1, Y2, 32(DI)
	VEXTRACTI128 $1, Y3, 48(DI)
	ADDQ         $32, SI
	ADDQ         $32, R8
	ADDQ         $64, DI
	SUBQ         $32, CX
	JNE          loop
	VZEROUPPER
	RET
