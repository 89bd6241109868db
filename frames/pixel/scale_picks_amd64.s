//go:build !noasm

#include "textflag.h"

// Half, to round what shifts of tapBits + lineBits drop.
DATA lineHalf<>+0(SB)/4, $0x40000
GLOBL lineHalf<>(SB), RODATA|NOPTR, $4

// What brings the results of four groups of eight, packed twice, into order.
DATA fourGroups<>+0(SB)/8, $0x0000000400000000
DATA fourGroups<>+8(SB)/8, $0x0000000500000001
DATA fourGroups<>+16(SB)/8, $0x0000000600000002
DATA fourGroups<>+24(SB)/8, $0x0000000700000003
GLOBL fourGroups<>(SB), RODATA|NOPTR, $32

// To the next block of 32 bytes, or back to the last whole one.
#define NEXTBLOCK(loop, done) \
	CMPQ    DI, R13; \
	JEQ     done; \
	ADDQ    $32, DI; \
	CMPQ    DI, R13; \
	CMOVQHI R13, DI; \
	JMP     loop

// func pickAVX2(dst, src *byte, offset *int32, shuffle *byte, n, steps int)
TEXT ·pickAVX2(SB), NOSPLIT, $0-48
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ offset+16(FP), DX
	MOVQ shuffle+24(FP), BX
	MOVQ n+32(FP), R13
	MOVQ steps+40(FP), R11
	LEAQ -32(DI)(R13*1), R13

loop:
	MOVLQSX     0(DX), R8
	MOVLQSX     4(DX), R9
	ADDQ        SI, R8
	ADDQ        SI, R9
	ADDQ        $8, DX
	VMOVDQU     (R8), X0
	VINSERTI128 $1, (R9), Y0, Y0
	VPSHUFB     (BX), Y0, Y0
	ADDQ        $32, BX
	MOVQ        R11, CX
	DECQ        CX
	JEQ         store

step:
	ADDQ        $16, R8
	ADDQ        $16, R9
	VMOVDQU     (R8), X1
	VINSERTI128 $1, (R9), Y1, Y1
	VPSHUFB     (BX), Y1, Y1
	VPOR        Y1, Y0, Y0
	ADDQ        $32, BX
	DECQ        CX
	JNE         step

store:
	VMOVDQU Y0, (DI)
	NEXTBLOCK(loop, done)

done:
	VZEROUPPER
	RET

// Eight results of sixteen samples by their taps.
#define MIX(at, samples) \
	VPMADDWD at(BX), samples, samples; \
	VPADDD   Y15, samples, samples; \
	VPSRAD   $19, samples, samples

// Y0 to Y3 to 32 bytes.
#define STOREMIXED \
	VPACKSSDW Y1, Y0, Y0; \
	VPACKSSDW Y3, Y2, Y2; \
	VPACKUSWB Y2, Y0, Y0; \
	VPERMD    Y0, Y14, Y0; \
	VMOVDQU   Y0, (DI)

// func mixAVX2(dst *byte, line, tap *int16, n int)
TEXT ·mixAVX2(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ line+8(FP), SI
	MOVQ tap+16(FP), BX
	MOVQ n+24(FP), R13
	VPBROADCASTD lineHalf<>(SB), Y15
	VMOVDQU fourGroups<>(SB), Y14
	SUBQ $32, R13 // the first byte of the last block
	XORQ R12, R12

loop:
	VMOVDQU 0(SI), Y0
	VMOVDQU 32(SI), Y1
	VMOVDQU 64(SI), Y2
	VMOVDQU 96(SI), Y3
	MIX(0, Y0)
	MIX(32, Y1)
	MIX(64, Y2)
	MIX(96, Y3)
	STOREMIXED
	CMPQ    R12, R13
	JEQ     done
	MOVQ    R13, AX
	SUBQ    R12, AX // how far the last block is
	MOVQ    $32, CX
	CMPQ    AX, CX
	CMOVQHI CX, AX
	ADDQ    AX, R12
	ADDQ    AX, DI
	LEAQ    (SI)(AX*4), SI
	LEAQ    (BX)(AX*4), BX
	JMP     loop

done:
	VZEROUPPER
	RET

// Sixteen samples for eight results.
#define SAMPLES(first, second, order, samples) \
	MOVLQSX     first(DX), R8; \
	MOVLQSX     second(DX), R9; \
	VMOVDQU     (SI)(R8*2), samples; \
	VINSERTI128 $1, (SI)(R9*2), Y4, Y4; \
	VPSHUFB     order(CX), Y4, Y4

// func mixLineAVX2(dst *byte, line *int16, offset *int32, shuffle *byte, tap *int16, n int)
TEXT ·mixLineAVX2(SB), NOSPLIT, $0-48
	MOVQ dst+0(FP), DI
	MOVQ line+8(FP), SI
	MOVQ offset+16(FP), DX
	MOVQ shuffle+24(FP), CX
	MOVQ tap+32(FP), BX
	MOVQ n+40(FP), R13
	VPBROADCASTD lineHalf<>(SB), Y15
	VMOVDQU fourGroups<>(SB), Y14
	SUBQ $32, R13
	XORQ R12, R12

loop:
	SAMPLES(0, 4, 0, X4)
	VPMADDWD 0(BX), Y4, Y0
	SAMPLES(8, 12, 32, X4)
	VPMADDWD 32(BX), Y4, Y1
	SAMPLES(16, 20, 64, X4)
	VPMADDWD 64(BX), Y4, Y2
	SAMPLES(24, 28, 96, X4)
	VPMADDWD 96(BX), Y4, Y3
	VPADDD   Y15, Y0, Y0
	VPADDD   Y15, Y1, Y1
	VPADDD   Y15, Y2, Y2
	VPADDD   Y15, Y3, Y3
	VPSRAD   $19, Y0, Y0
	VPSRAD   $19, Y1, Y1
	VPSRAD   $19, Y2, Y2
	VPSRAD   $19, Y3, Y3
	STOREMIXED
	ADDQ    $32, DX
	SUBQ    $-128, CX
	CMPQ    R12, R13
	JEQ     done
	MOVQ    R13, AX
	SUBQ    R12, AX
	MOVQ    $32, R8
	CMPQ    AX, R8
	CMOVQHI R8, AX
	ADDQ    AX, R12
	ADDQ    AX, DI
	LEAQ    (BX)(AX*4), BX
	JMP     loop

done:
	VZEROUPPER
	RET
