//go:build !noasm

#include "go_asm.h"
#include "textflag.h"

// Halves, to round what the shifts drop.
DATA half<>+0(SB)/4, $0x100    // 9 bits: tapBits - lineBits
DATA half<>+4(SB)/4, $0x40000  // 19 bits: tapBits + lineBits
GLOBL half<>(SB), RODATA|NOPTR, $8

// Sixteen samples of two rows, R8 bytes apart, by the pair of taps in Y4.
#define ADDPAIR(at, low, high) \
	VPMOVZXBW  at(AX), Y2; \
	VPMOVZXBW  at(AX)(R8*1), Y3; \
	VPUNPCKLWD Y3, Y2, Y5; \
	VPUNPCKHWD Y3, Y2, Y6; \
	VPMADDWD   Y4, Y5, Y5; \
	VPMADDWD   Y4, Y6, Y6; \
	VPADDD     Y5, low, low; \
	VPADDD     Y6, high, high

// Sixteen samples of the last row by the tap in Y4.
#define ADDLAST(at, low, high) \
	VPMOVZXBW  at(AX), Y2; \
	VPUNPCKLWD Y14, Y2, Y5; \
	VPUNPCKHWD Y14, Y2, Y6; \
	VPMADDWD   Y4, Y5, Y5; \
	VPMADDWD   Y4, Y6, Y6; \
	VPADDD     Y5, low, low; \
	VPADDD     Y6, high, high

#define STORESUMS(at, low, high) \
	VPSRAD    $9, low, low; \
	VPSRAD    $9, high, high; \
	VPACKSSDW high, low, low; \
	VMOVDQU   low, at(DI)(R12*2)

// To the next pair of rows.
#define NEXTPAIR \
	LEAQ (AX)(R8*2), AX; \
	ADDQ $4, BX; \
	SUBQ $2, CX

// func sumRowsAVX2(dst *int16, src *byte, stride int, taps *int16, rows, n int)
TEXT ·sumRowsAVX2(SB), NOSPLIT, $0-48
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ stride+16(FP), R8
	MOVQ taps+24(FP), R9
	MOVQ rows+32(FP), R10
	MOVQ n+40(FP), R11
	VPBROADCASTD half<>+0(SB), Y15
	VPXOR Y14, Y14, Y14
	XORQ R12, R12 // column

	LEAQ -32(R11), R13
	CMPQ R12, R13
	JGT  narrow

wide:
	LEAQ    (SI)(R12*1), AX
	MOVQ    R9, BX
	MOVQ    R10, CX
	VMOVDQA Y15, Y0
	VMOVDQA Y15, Y1
	VMOVDQA Y15, Y7
	VMOVDQA Y15, Y8
	SUBQ    $2, CX
	JLT     wideLast

widePair:
	VPBROADCASTD (BX), Y4
	ADDPAIR(0, Y0, Y1)
	ADDPAIR(16, Y7, Y8)
	NEXTPAIR
	JGE widePair

wideLast:
	CMPQ CX, $-1
	JNE  wideStore
	VPBROADCASTW (BX), Y4
	ADDLAST(0, Y0, Y1)
	ADDLAST(16, Y7, Y8)

wideStore:
	STORESUMS(0, Y0, Y1)
	STORESUMS(32, Y7, Y8)
	ADDQ $32, R12
	CMPQ R12, R13
	JLE  wide

	// What is left is done by halves, of which the last may overlap the one before.
narrow:
	CMPQ R12, R11
	JGE  done
	LEAQ -16(R11), R13
	CMPQ R12, R13
	JLE  block
	MOVQ R13, R12

block:
	LEAQ    (SI)(R12*1), AX
	MOVQ    R9, BX
	MOVQ    R10, CX
	VMOVDQA Y15, Y0
	VMOVDQA Y15, Y1
	SUBQ    $2, CX
	JLT     last

pair:
	VPBROADCASTD (BX), Y4
	ADDPAIR(0, Y0, Y1)
	NEXTPAIR
	JGE pair

last:
	CMPQ CX, $-1
	JNE  store
	VPBROADCASTW (BX), Y4
	ADDLAST(0, Y0, Y1)

store:
	STORESUMS(0, Y0, Y1)
	ADDQ $16, R12
	JMP  narrow

done:
	VZEROUPPER
	RET

// Eight samples for each of two positions, by their taps.
#define ADDSAMPLES(low, high, taps, sum) \
	MOVLQSX     low(DX), R8; \
	MOVLQSX     high(DX), R9; \
	VMOVDQU     (AX)(R8*2), X4; \
	VINSERTI128 $1, (AX)(R9*2), Y4, Y4; \
	VPMADDWD    taps(BX), Y4, Y4; \
	VPADDD      Y4, sum, sum

// func weighAVX2(dst *byte, line *int16, offset *int32, tap *int16, groups, steps int)
TEXT ·weighAVX2(SB), NOSPLIT, $0-48
	MOVQ dst+0(FP), DI
	MOVQ line+8(FP), SI
	MOVQ offset+16(FP), DX
	MOVQ tap+24(FP), BX
	MOVQ groups+32(FP), CX
	MOVQ steps+40(FP), R11
	VPBROADCASTD half<>+4(SB), Y15

group:
	MOVQ  SI, AX
	MOVQ  R11, R10
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3

step:
	ADDSAMPLES(0, 16, 0, Y0)
	ADDSAMPLES(4, 20, 32, Y1)
	ADDSAMPLES(8, 24, 64, Y2)
	ADDSAMPLES(12, 28, 96, Y3)
	ADDQ $16, AX
	ADDQ $128, BX
	DECQ R10
	JNE  step

	VPHADDD   Y1, Y0, Y0
	VPHADDD   Y3, Y2, Y2
	VPHADDD   Y2, Y0, Y0
	VPADDD    Y15, Y0, Y0
	VPSRAD    $19, Y0, Y0
	VPACKSSDW Y0, Y0, Y0
	VPACKUSWB Y0, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VMOVD     X0, (DI)
	VMOVD     X1, 4(DI)
	ADDQ      $8, DI
	ADDQ      $32, DX
	DECQ      CX
	JNE       group

	VZEROUPPER
	RET

// Pairs of samples from four places.
#define FOURPAIRS(a, b, c, d, pairs) \
	MOVLQSX a(DX), R8; \
	MOVLQSX b(DX), R9; \
	MOVLQSX c(DX), R10; \
	MOVLQSX d(DX), R11; \
	VMOVD   (SI)(R8*2), pairs; \
	VPINSRD $1, (SI)(R9*2), pairs, pairs; \
	VPINSRD $2, (SI)(R10*2), pairs, pairs; \
	VPINSRD $3, (SI)(R11*2), pairs, pairs

// func weighPairsAVX2(dst *byte, line *int16, offset *int32, tap *int16, groups int)
TEXT ·weighPairsAVX2(SB), NOSPLIT, $0-40
	MOVQ dst+0(FP), DI
	MOVQ line+8(FP), SI
	MOVQ offset+16(FP), DX
	MOVQ tap+24(FP), BX
	MOVQ groups+32(FP), CX
	VPBROADCASTD half<>+4(SB), Y15

group:
	// Faster than VPGATHERDD.
	FOURPAIRS(0, 4, 8, 12, X0)
	FOURPAIRS(16, 20, 24, 28, X1)
	VINSERTI128 $1, X1, Y0, Y0
	VPMADDWD   (BX), Y0, Y0
	VPADDD     Y15, Y0, Y0
	VPSRAD     $19, Y0, Y0
	VPACKSSDW  Y0, Y0, Y0
	VPACKUSWB  Y0, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VMOVD      X0, (DI)
	VMOVD      X1, 4(DI)
	ADDQ       $8, DI
	ADDQ       $32, DX
	ADDQ       $32, BX
	DECQ       CX
	JNE        group

	VZEROUPPER
	RET

// func weighPixelsAVX2(dst *byte, line *int16, offset *int32, tap *int16, groups, steps int, order *pixelOrder)
TEXT ·weighPixelsAVX2(SB), NOSPLIT, $0-56
	MOVQ dst+0(FP), DI
	MOVQ line+8(FP), SI
	MOVQ offset+16(FP), DX
	MOVQ tap+24(FP), BX
	MOVQ groups+32(FP), CX
	MOVQ order+48(FP), AX
	VBROADCASTI128 pixelOrder_pairs(AX), Y12
	VMOVDQU pixelOrder_bytes(AX), X13
	MOVQ pixelOrder_pair(AX), R12
	MOVQ pixelOrder_group(AX), R13
	VPBROADCASTD half<>+4(SB), Y15

group:
	MOVQ    SI, AX
	MOVQ    steps+40(FP), R10
	MOVLQSX 0(DX), R8
	MOVLQSX 4(DX), R9
	MOVLQSX 8(DX), R11
	MOVLQSX 12(DX), R14
	VPXOR   Y0, Y0, Y0
	VPXOR   Y1, Y1, Y1

step:
	VMOVDQU     (AX)(R8*2), X4
	VMOVDQU     (AX)(R9*2), X5
	VINSERTI128 $1, (AX)(R11*2), Y4, Y4
	VINSERTI128 $1, (AX)(R14*2), Y5, Y5
	VPSHUFB     Y12, Y4, Y4
	VPSHUFB     Y12, Y5, Y5
	VPMADDWD    (BX), Y4, Y4
	VPMADDWD    32(BX), Y5, Y5
	VPADDD      Y4, Y0, Y0
	VPADDD      Y5, Y1, Y1
	ADDQ        R12, AX
	ADDQ        $64, BX
	DECQ        R10
	JNE         step

	VPADDD    Y15, Y0, Y0
	VPADDD    Y15, Y1, Y1
	VPSRAD    $19, Y0, Y0
	VPSRAD    $19, Y1, Y1
	VPACKSSDW Y1, Y0, Y0
	VPACKUSWB Y0, Y0, Y0
	VPERMQ    $8, Y0, Y0
	VPSHUFB   X13, X0, X0
	VMOVDQU   X0, (DI)
	ADDQ      R13, DI
	ADDQ      $16, DX
	DECQ      CX
	JNE       group

	VZEROUPPER
	RET
