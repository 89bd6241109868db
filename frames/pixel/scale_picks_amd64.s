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

// Samples of two rows as words: above gets 32*above + ((below-above)*tap + 256)>>9, which
// is what the taps of both rows give, and stays within 16 bits. Y13 has twice the tap of
// the row below.
#define BLEND(above, below) \
	VPSUBW    above, below, below; \
	VPSLLW    $5, below, below; \
	VPMULHRSW Y13, below, below; \
	VPSLLW    $5, above, above; \
	VPADDW    below, above, above

// Eight pairs of sums beside each other, by theirs.
#define ADDBESIDE(at, sums) \
	VPMADDWD at(R12), sums, sums; \
	VPADDD   Y14, sums, sums; \
	VPSRAD   $19, sums, sums

// func mixPicksAVX2(dst, src *byte, distance int, offset *int32, shuffle *byte, below int16, across *int16, n, steps int)
TEXT ·mixPicksAVX2(SB), NOSPLIT, $0-72
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ distance+16(FP), R10
	MOVQ offset+24(FP), DX
	MOVQ shuffle+32(FP), BX
	VPBROADCASTW below+40(FP), Y13
	MOVQ across+48(FP), R12
	MOVQ n+56(FP), R13
	MOVQ steps+64(FP), R11
	LEAQ -16(DI)(R13*1), R13
	MOVQ R11, R14
	SHLQ $5, R14
	VPBROADCASTD lineHalf<>(SB), Y14
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
	VPUNPCKLBW Y12, Y0, Y2
	VPUNPCKLBW Y12, Y1, Y3
	VPUNPCKHBW Y12, Y0, Y0
	VPUNPCKHBW Y12, Y1, Y1
	BLEND(Y2, Y3)
	BLEND(Y0, Y1)
	ADDBESIDE(0, Y2)
	ADDBESIDE(32, Y0)
	VPACKSSDW  Y0, Y2, Y0
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

// func blendRowsAVX2(dst *int16, above, below *byte, tap int16, n int)
TEXT ·blendRowsAVX2(SB), NOSPLIT, $0-40
	MOVQ dst+0(FP), DI
	MOVQ above+8(FP), SI
	MOVQ below+16(FP), DX
	VPBROADCASTW tap+24(FP), Y13
	MOVQ n+32(FP), CX
	SUBQ $32, CX // where the last block begins
	XORQ AX, AX

loop:
	VPMOVZXBW (SI)(AX*1), Y0
	VPMOVZXBW (DX)(AX*1), Y1
	VPMOVZXBW 16(SI)(AX*1), Y2
	VPMOVZXBW 16(DX)(AX*1), Y3
	BLEND(Y0, Y1)
	BLEND(Y2, Y3)
	VMOVDQU Y0, (DI)(AX*2)
	VMOVDQU Y2, 32(DI)(AX*2)
	CMPQ    AX, CX
	JEQ     done
	ADDQ    $32, AX
	CMPQ    AX, CX
	CMOVQHI CX, AX
	JMP     loop

done:
	VZEROUPPER
	RET

// Sums of pairs of the bytes that the pattern in Y15 brings beside each other.
#define PAIRS(at, sums) \
	VMOVDQU    at(SI)(AX*2), sums; \
	VMOVDQU    at(DX)(AX*2), Y4; \
	VPSHUFB    Y15, sums, sums; \
	VPSHUFB    Y15, Y4, Y4; \
	VPMADDUBSW Y14, sums, sums; \
	VPMADDUBSW Y14, Y4, Y4; \
	VPADDW     Y4, sums, sums; \
	VPADDW     Y13, sums, sums; \
	VPSRLW     $2, sums, sums

DATA halve<>+0(SB)/4, $0x01010101
DATA halve<>+4(SB)/4, $0x00020002
GLOBL halve<>(SB), RODATA|NOPTR, $8

// func halveAVX2(dst, above, below *byte, pattern *[16]uint8, n int)
TEXT ·halveAVX2(SB), NOSPLIT, $0-40
	MOVQ dst+0(FP), DI
	MOVQ above+8(FP), SI
	MOVQ below+16(FP), DX
	MOVQ pattern+24(FP), BX
	MOVQ n+32(FP), CX
	VBROADCASTI128 (BX), Y15
	VPBROADCASTD halve<>+0(SB), Y14
	VPBROADCASTD halve<>+4(SB), Y13
	SUBQ $32, CX
	XORQ AX, AX

loop:
	PAIRS(0, Y0)
	PAIRS(32, Y1)
	VPACKUSWB Y1, Y0, Y0
	VPERMQ    $0xD8, Y0, Y0
	VMOVDQU   Y0, (DI)(AX*1)
	CMPQ      AX, CX
	JEQ       done
	ADDQ      $32, AX
	CMPQ      AX, CX
	CMOVQHI   CX, AX
	JMP       loop

done:
	VZEROUPPER
	RET

DATA double<>+0(SB)/4, $0x00400040
DATA double<>+4(SB)/4, $0xFF00FF00
GLOBL double<>(SB), RODATA|NOPTR, $8

// func doubleAVX2(dst *byte, line *int16, n int)
TEXT ·doubleAVX2(SB), NOSPLIT, $0-24
	MOVQ dst+0(FP), DI
	MOVQ line+8(FP), SI
	MOVQ n+16(FP), CX
	VPBROADCASTD double<>+0(SB), Y15
	VPBROADCASTD double<>+4(SB), Y14
	SUBQ $32, CX
	XORQ AX, AX

loop:
	VMOVDQU (SI)(AX*1), Y0
	VPADDW  Y0, Y0, Y1
	VPADDW  Y1, Y0, Y0
	VPADDW  Y15, Y0, Y0 // three times the middle one, and the half
	VPADDW  -2(SI)(AX*1), Y0, Y1
	VPADDW  2(SI)(AX*1), Y0, Y0
	VPSRLW  $7, Y1, Y1
	VPADDW  Y0, Y0, Y0
	VPAND   Y14, Y0, Y0
	VPOR    Y1, Y0, Y0
	VMOVDQU Y0, (DI)(AX*1)
	CMPQ    AX, CX
	JEQ     done
	ADDQ    $32, AX
	CMPQ    AX, CX
	CMOVQHI CX, AX
	JMP     loop

done:
	VZEROUPPER
	RET
