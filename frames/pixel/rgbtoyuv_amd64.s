//go:build !noasm

#include "go_asm.h"
#include "textflag.h"

// Kernels from RGB to luma, and from two rows of RGB to chroma: 32 pixels a turn. Each
// LOAD gives three channels as bytes in order; sums have 16 bits.
//
// SI source, R8 the row below, DI destination, R9 the second one, CX pixels left, BX
// the tables. Y14 and Y15 places 1 and 2 modulo 3.

#define TABLES \
	MOVQ    lanes+24(FP), BX                   \
	VMOVDQU (fromRGBLanes_third+32)(BX), Y14   \
	VMOVDQU (fromRGBLanes_third+64)(BX), Y15

// LOAD3 reads pixels of three bytes.
#define LOAD3(from, a, b, c) \
	VMOVDQU     (from), X0           \
	VMOVDQU     16(from), X1         \
	VMOVDQU     32(from), X2         \
	VINSERTI128 $1, 48(from), Y0, Y0 \
	VINSERTI128 $1, 64(from), Y1, Y1 \
	VINSERTI128 $1, 80(from), Y2, Y2 \
	ADDQ        $96, from            \
	VPBLENDVB   Y14, Y2, Y0, a       \
	VPBLENDVB   Y14, Y0, Y1, b       \
	VPBLENDVB   Y14, Y1, Y2, c       \
	VPBLENDVB   Y15, Y1, a, a        \
	VPBLENDVB   Y15, Y2, b, b        \
	VPBLENDVB   Y15, Y0, c, c        \
	VPSHUFB     (fromRGBLanes_gather+0)(BX), a, a  \
	VPSHUFB     (fromRGBLanes_gather+32)(BX), b, b \
	VPSHUFB     (fromRGBLanes_gather+64)(BX), c, c

// LOAD4 reads pixels of four bytes.
#define LOAD4(from, a, b, c) \
	VMOVDQU     (from), X0            \
	VMOVDQU     16(from), X1          \
	VMOVDQU     32(from), X2          \
	VMOVDQU     48(from), X3          \
	VINSERTI128 $1, 64(from), Y0, Y0  \
	VINSERTI128 $1, 80(from), Y1, Y1  \
	VINSERTI128 $1, 96(from), Y2, Y2  \
	VINSERTI128 $1, 112(from), Y3, Y3 \
	SUBQ        $-128, from           \
	VMOVDQU     fromRGBLanes_quad(BX), b \
	VPSHUFB     b, Y0, Y0             \
	VPSHUFB     b, Y1, Y1             \
	VPSHUFB     b, Y2, Y2             \
	VPSHUFB     b, Y3, Y3             \
	VPUNPCKLDQ  Y1, Y0, a             \
	VPUNPCKHDQ  Y1, Y0, c             \
	VPUNPCKLDQ  Y3, Y2, Y0            \
	VPUNPCKHDQ  Y3, Y2, Y1            \
	VPUNPCKHQDQ Y0, a, b              \
	VPUNPCKLQDQ Y0, a, a              \
	VPUNPCKLQDQ Y1, c, c

// TERMS adds the products of high bytes in a, b and c.
#define TERMS(a, b, c) \
	VPMULHUW (fromRGBLanes_luma+0)(BX), a, a  \
	VPMULHUW (fromRGBLanes_luma+32)(BX), b, b \
	VPMULHUW (fromRGBLanes_luma+64)(BX), c, c \
	VPADDW   fromRGBLanes_base(BX), a, a      \
	VPADDW   b, c, b                          \
	VPADDW   b, a, a

// LUMA writes that of three channels, of even pixels and of odd ones. Y13 is 0xFF00.
#define LUMA(a, b, c, to) \
	VPSLLW  $8, a, Y0      \
	VPSLLW  $8, b, Y1      \
	VPSLLW  $8, c, Y2      \
	VPAND   Y13, a, Y3     \
	VPAND   Y13, b, Y10    \
	VPAND   Y13, c, Y11    \
	TERMS(Y0, Y1, Y2)      \
	TERMS(Y3, Y10, Y11)    \
	VPSRLW  $8, Y0, Y0     \
	VPAND   Y13, Y3, Y3    \
	VPOR    Y3, Y0, Y0     \
	VMOVDQU Y0, (to)       \
	ADDQ    $32, to

// func lumaOf3AVX2(dst, src *byte, n int, lanes *fromRGBLanes)
TEXT ·lumaOf3AVX2(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ n+16(FP), CX
	TABLES
	VPCMPEQW Y13, Y13, Y13
	VPSLLW   $8, Y13, Y13

loop:
	LOAD3(SI, Y4, Y5, Y6)
	LUMA(Y4, Y5, Y6, DI)
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET

// func lumaOf4AVX2(dst, src *byte, n int, lanes *fromRGBLanes)
TEXT ·lumaOf4AVX2(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ n+16(FP), CX
	TABLES
	VPCMPEQW Y13, Y13, Y13
	VPSLLW   $8, Y13, Y13

loop:
	LOAD4(SI, Y4, Y5, Y6)
	LUMA(Y4, Y5, Y6, DI)
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET

// PAIRS adds neighbours, times 32.
#define PAIRS(c) \
	VPMADDUBSW Y12, c, c

// BELOW adds the pairs of b to those of a.
#define BELOW(b, a) \
	PAIRS(b)         \
	VPADDW b, a, a

// COMPONENT computes one component of chroma from the sums in Y4, Y5 and Y6.
#define COMPONENT(k, d, t, u) \
	VPMULHRSW (k+0)(BX), Y4, d            \
	VPMULHRSW (k+32)(BX), Y5, t           \
	VPMULHRSW (k+64)(BX), Y6, u           \
	VPADDW    fromRGBLanes_zero(BX), d, d \
	VPADDW    t, u, t                     \
	VPADDW    t, d, d                     \
	VPSRAW    $6, d, d

// CHROMA leaves eight of the first and eight of the second component in each half of Y0.
#define CHROMA \
	COMPONENT(fromRGBLanes_first, Y0, Y2, Y3)  \
	COMPONENT(fromRGBLanes_second, Y1, Y7, Y8) \
	VPACKUSWB Y1, Y0, Y0

#define STORE_PLANAR \
	VPERMQ       $0xD8, Y0, Y0   \
	VMOVDQU      X0, (DI)        \
	VEXTRACTI128 $1, Y0, (R9)    \
	ADDQ         $16, DI         \
	ADDQ         $16, R9

#define STORE_PAIRED \
	VPSHUFB fromRGBLanes_pairs(BX), Y0, Y0 \
	VMOVDQU Y0, (DI)                       \
	ADDQ    $32, DI

// func chromaOf3PlanarAVX2(top, bottom *byte, n int, lanes *fromRGBLanes, first, second *byte)
TEXT ·chromaOf3PlanarAVX2(SB), NOSPLIT, $0-48
	MOVQ top+0(FP), SI
	MOVQ bottom+8(FP), R8
	MOVQ n+16(FP), CX
	MOVQ first+32(FP), DI
	MOVQ second+40(FP), R9
	TABLES
	VMOVDQU fromRGBLanes_weight(BX), Y12

loop:
	LOAD3(SI, Y4, Y5, Y6)
	PAIRS(Y4)
	PAIRS(Y5)
	PAIRS(Y6)
	LOAD3(R8, Y7, Y8, Y9)
	BELOW(Y7, Y4)
	BELOW(Y8, Y5)
	BELOW(Y9, Y6)
	CHROMA
	STORE_PLANAR
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET

// func chromaOf3PairedAVX2(top, bottom *byte, n int, lanes *fromRGBLanes, first, second *byte)
TEXT ·chromaOf3PairedAVX2(SB), NOSPLIT, $0-48
	MOVQ top+0(FP), SI
	MOVQ bottom+8(FP), R8
	MOVQ n+16(FP), CX
	MOVQ first+32(FP), DI
	MOVQ second+40(FP), R9
	TABLES
	VMOVDQU fromRGBLanes_weight(BX), Y12

loop:
	LOAD3(SI, Y4, Y5, Y6)
	PAIRS(Y4)
	PAIRS(Y5)
	PAIRS(Y6)
	LOAD3(R8, Y7, Y8, Y9)
	BELOW(Y7, Y4)
	BELOW(Y8, Y5)
	BELOW(Y9, Y6)
	CHROMA
	STORE_PAIRED
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET

// func chromaOf4PlanarAVX2(top, bottom *byte, n int, lanes *fromRGBLanes, first, second *byte)
TEXT ·chromaOf4PlanarAVX2(SB), NOSPLIT, $0-48
	MOVQ top+0(FP), SI
	MOVQ bottom+8(FP), R8
	MOVQ n+16(FP), CX
	MOVQ first+32(FP), DI
	MOVQ second+40(FP), R9
	TABLES
	VMOVDQU fromRGBLanes_weight(BX), Y12

loop:
	LOAD4(SI, Y4, Y5, Y6)
	PAIRS(Y4)
	PAIRS(Y5)
	PAIRS(Y6)
	LOAD4(R8, Y7, Y8, Y9)
	BELOW(Y7, Y4)
	BELOW(Y8, Y5)
	BELOW(Y9, Y6)
	CHROMA
	STORE_PLANAR
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET

// func chromaOf4PairedAVX2(top, bottom *byte, n int, lanes *fromRGBLanes, first, second *byte)
TEXT ·chromaOf4PairedAVX2(SB), NOSPLIT, $0-48
	MOVQ top+0(FP), SI
	MOVQ bottom+8(FP), R8
	MOVQ n+16(FP), CX
	MOVQ first+32(FP), DI
	MOVQ second+40(FP), R9
	TABLES
	VMOVDQU fromRGBLanes_weight(BX), Y12

loop:
	LOAD4(SI, Y4, Y5, Y6)
	PAIRS(Y4)
	PAIRS(Y5)
	PAIRS(Y6)
	LOAD4(R8, Y7, Y8, Y9)
	BELOW(Y7, Y4)
	BELOW(Y8, Y5)
	BELOW(Y9, Y6)
	CHROMA
	STORE_PAIRED
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET

// func bothOf3PlanarAVX2(top, bottom *byte, n int, lanes *fromRGBLanes, first, second, y0, y1 *byte)
TEXT ·bothOf3PlanarAVX2(SB), NOSPLIT, $0-64
	MOVQ top+0(FP), SI
	MOVQ bottom+8(FP), R8
	MOVQ n+16(FP), CX
	MOVQ first+32(FP), DI
	MOVQ second+40(FP), R9
	MOVQ y0+48(FP), R10
	MOVQ y1+56(FP), R11
	TABLES
	VMOVDQU fromRGBLanes_weight(BX), Y12
	VPCMPEQW Y13, Y13, Y13
	VPSLLW   $8, Y13, Y13

loop:
	LOAD3(SI, Y4, Y5, Y6)
	LUMA(Y4, Y5, Y6, R10)
	PAIRS(Y4)
	PAIRS(Y5)
	PAIRS(Y6)
	LOAD3(R8, Y7, Y8, Y9)
	LUMA(Y7, Y8, Y9, R11)
	BELOW(Y7, Y4)
	BELOW(Y8, Y5)
	BELOW(Y9, Y6)
	CHROMA
	STORE_PLANAR
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET

// func bothOf3PairedAVX2(top, bottom *byte, n int, lanes *fromRGBLanes, first, second, y0, y1 *byte)
TEXT ·bothOf3PairedAVX2(SB), NOSPLIT, $0-64
	MOVQ top+0(FP), SI
	MOVQ bottom+8(FP), R8
	MOVQ n+16(FP), CX
	MOVQ first+32(FP), DI
	MOVQ second+40(FP), R9
	MOVQ y0+48(FP), R10
	MOVQ y1+56(FP), R11
	TABLES
	VMOVDQU fromRGBLanes_weight(BX), Y12
	VPCMPEQW Y13, Y13, Y13
	VPSLLW   $8, Y13, Y13

loop:
	LOAD3(SI, Y4, Y5, Y6)
	LUMA(Y4, Y5, Y6, R10)
	PAIRS(Y4)
	PAIRS(Y5)
	PAIRS(Y6)
	LOAD3(R8, Y7, Y8, Y9)
	LUMA(Y7, Y8, Y9, R11)
	BELOW(Y7, Y4)
	BELOW(Y8, Y5)
	BELOW(Y9, Y6)
	CHROMA
	STORE_PAIRED
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET

// func bothOf4PlanarAVX2(top, bottom *byte, n int, lanes *fromRGBLanes, first, second, y0, y1 *byte)
TEXT ·bothOf4PlanarAVX2(SB), NOSPLIT, $0-64
	MOVQ top+0(FP), SI
	MOVQ bottom+8(FP), R8
	MOVQ n+16(FP), CX
	MOVQ first+32(FP), DI
	MOVQ second+40(FP), R9
	MOVQ y0+48(FP), R10
	MOVQ y1+56(FP), R11
	TABLES
	VMOVDQU fromRGBLanes_weight(BX), Y12
	VPCMPEQW Y13, Y13, Y13
	VPSLLW   $8, Y13, Y13

loop:
	LOAD4(SI, Y4, Y5, Y6)
	LUMA(Y4, Y5, Y6, R10)
	PAIRS(Y4)
	PAIRS(Y5)
	PAIRS(Y6)
	LOAD4(R8, Y7, Y8, Y9)
	LUMA(Y7, Y8, Y9, R11)
	BELOW(Y7, Y4)
	BELOW(Y8, Y5)
	BELOW(Y9, Y6)
	CHROMA
	STORE_PLANAR
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET

// func bothOf4PairedAVX2(top, bottom *byte, n int, lanes *fromRGBLanes, first, second, y0, y1 *byte)
TEXT ·bothOf4PairedAVX2(SB), NOSPLIT, $0-64
	MOVQ top+0(FP), SI
	MOVQ bottom+8(FP), R8
	MOVQ n+16(FP), CX
	MOVQ first+32(FP), DI
	MOVQ second+40(FP), R9
	MOVQ y0+48(FP), R10
	MOVQ y1+56(FP), R11
	TABLES
	VMOVDQU fromRGBLanes_weight(BX), Y12
	VPCMPEQW Y13, Y13, Y13
	VPSLLW   $8, Y13, Y13

loop:
	LOAD4(SI, Y4, Y5, Y6)
	LUMA(Y4, Y5, Y6, R10)
	PAIRS(Y4)
	PAIRS(Y5)
	PAIRS(Y6)
	LOAD4(R8, Y7, Y8, Y9)
	LUMA(Y7, Y8, Y9, R11)
	BELOW(Y7, Y4)
	BELOW(Y8, Y5)
	BELOW(Y9, Y6)
	CHROMA
	STORE_PAIRED
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET
