//go:build !noasm

#include "textflag.h"

// Halves, to round what the shifts drop.
DATA picksHalf<>+0(SB)/4, $0x100   // 9 bits: tapBits - lineBits
DATA picksHalf<>+4(SB)/4, $0x40000 // 19 bits: tapBits + lineBits
GLOBL picksHalf<>(SB), RODATA|NOPTR, $8

// What brings the results of four groups of eight, packed twice, into order.
DATA fourGroups<>+0(SB)/8, $0x0000000400000000
DATA fourGroups<>+8(SB)/8, $0x0000000500000001
DATA fourGroups<>+16(SB)/8, $0x0000000600000002
DATA fourGroups<>+24(SB)/8, $0x0000000700000003
GLOBL fourGroups<>(SB), RODATA|NOPTR, $32

// The windows of both halves of a block.
#define WINDOWS \
	MOVLQSX 0(DX), R8; \
	MOVLQSX 4(DX), R9; \
	ADDQ    SI, R8; \
	ADDQ    SI, R9; \
	ADDQ    $8, DX; \
	MOVQ    BX, AX; \
	ADDQ    R14, BX

// What the windows of one step have of a block.
#define PICK(from, order) \
	VMOVDQU     from(R8), X1; \
	VINSERTI128 $1, from(R9), Y1, Y1; \
	VPSHUFB     order(AX), Y1, Y1; \
	VPOR        Y1, Y0, Y0

// func pickAVX2(dst, src *byte, offset *int32, shuffle *byte, n, steps int)
TEXT ·pickAVX2(SB), NOSPLIT, $0-48
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ offset+16(FP), DX
	MOVQ shuffle+24(FP), BX
	MOVQ n+32(FP), R13
	MOVQ steps+40(FP), R11
	LEAQ -32(DI)(R13*1), R13 // the last whole block
	MOVQ R11, R14
	SHLQ $5, R14

loop:
	WINDOWS
	VMOVDQU     (R8), X0
	VINSERTI128 $1, (R9), Y0, Y0
	VPSHUFB     (AX), Y0, Y0
	CMPQ        R11, $1
	JEQ         store
	PICK(16, 32)
	CMPQ        R11, $2
	JEQ         store
	PICK(32, 64)
	MOVQ        $3, CX

more:
	CMPQ CX, R11
	JEQ  store
	PICK(48, 96)
	ADDQ $16, R8
	ADDQ $16, R9
	ADDQ $32, AX
	INCQ CX
	JMP  more

store:
	VMOVDQU Y0, (DI)
	CMPQ    DI, R13
	JEQ     done
	ADDQ    $32, DI
	CMPQ    DI, R13
	CMOVQHI R13, DI
	JMP     loop

done:
	VZEROUPPER
	RET

// The same of two rows, R10 bytes apart.
#define PICKTWO(from, order) \
	VMOVDQU     order(AX), Y4; \
	VMOVDQU     from(R8), X2; \
	VMOVDQU     from(R8)(R10*1), X3; \
	VINSERTI128 $1, from(R9), Y2, Y2; \
	VINSERTI128 $1, from(R9)(R10*1), Y3, Y3; \
	VPSHUFB     Y4, Y2, Y2; \
	VPSHUFB     Y4, Y3, Y3; \
	VPOR        Y2, Y0, Y0; \
	VPOR        Y3, Y1, Y1

// Eight words of each half, pairs of samples one above the other, by their taps.
#define ADDABOVE(pairs) \
	VPMADDWD Y13, pairs, pairs; \
	VPADDD   Y15, pairs, pairs; \
	VPSRAD   $9, pairs, pairs

// Eight pairs of sums beside each other, by theirs.
#define ADDBESIDE(at, sums) \
	VPMADDWD at(R12), sums, sums; \
	VPADDD   Y14, sums, sums; \
	VPSRAD   $19, sums, sums

// func mixPicksAVX2(dst, src *byte, distance int, offset *int32, shuffle *byte, down uint32, across *int16, n, steps int)
TEXT ·mixPicksAVX2(SB), NOSPLIT, $0-72
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ distance+16(FP), R10
	MOVQ offset+24(FP), DX
	MOVQ shuffle+32(FP), BX
	MOVL down+40(FP), AX
	VMOVD AX, X13
	VPBROADCASTD X13, Y13
	MOVQ across+48(FP), R12
	MOVQ n+56(FP), R13
	MOVQ steps+64(FP), R11
	LEAQ -16(DI)(R13*1), R13
	MOVQ R11, R14
	SHLQ $5, R14
	VPBROADCASTD picksHalf<>+0(SB), Y15
	VPBROADCASTD picksHalf<>+4(SB), Y14
	VPXOR Y12, Y12, Y12

loop:
	WINDOWS
	VMOVDQU     (AX), Y4
	VMOVDQU     (R8), X0
	VMOVDQU     (R8)(R10*1), X1
	VINSERTI128 $1, (R9), Y0, Y0
	VINSERTI128 $1, (R9)(R10*1), Y1, Y1
	VPSHUFB     Y4, Y0, Y0
	VPSHUFB     Y4, Y1, Y1
	CMPQ        R11, $1
	JEQ         mix
	PICKTWO(16, 32)
	CMPQ        R11, $2
	JEQ         mix
	PICKTWO(32, 64)
	MOVQ        $3, CX

more:
	CMPQ CX, R11
	JEQ  mix
	PICKTWO(48, 96)
	ADDQ $16, R8
	ADDQ $16, R9
	ADDQ $32, AX
	INCQ CX
	JMP  more

mix:
	VPUNPCKLBW Y1, Y0, Y2
	VPUNPCKHBW Y1, Y0, Y3
	VPUNPCKLBW Y12, Y2, Y0
	VPUNPCKHBW Y12, Y2, Y1
	VPUNPCKLBW Y12, Y3, Y2
	VPUNPCKHBW Y12, Y3, Y3
	ADDABOVE(Y0)
	ADDABOVE(Y1)
	ADDABOVE(Y2)
	ADDABOVE(Y3)
	VPACKSSDW  Y1, Y0, Y0
	VPACKSSDW  Y3, Y2, Y2
	ADDBESIDE(0, Y0)
	ADDBESIDE(32, Y2)
	VPACKSSDW  Y2, Y0, Y0
	VPACKUSWB  Y0, Y0, Y0
	VPERMQ     $8, Y0, Y0
	VMOVDQU    X0, (DI)
	ADDQ       $64, R12
	CMPQ       DI, R13
	JEQ        done
	ADDQ       $16, DI
	CMPQ       DI, R13
	CMOVQHI    R13, DI
	JMP        loop

done:
	VZEROUPPER
	RET

// Y0 to Y3 to 32 bytes.
#define STOREMIXED \
	VPACKSSDW Y1, Y0, Y0; \
	VPACKSSDW Y3, Y2, Y2; \
	VPACKUSWB Y2, Y0, Y0; \
	VPERMD    Y0, Y14, Y0; \
	VMOVDQU   Y0, (DI)

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
	VPBROADCASTD picksHalf<>+4(SB), Y15
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
