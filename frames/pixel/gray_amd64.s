//go:build !noasm

#include "go_asm.h"
#include "textflag.h"

// Kernels that bring gray or luma to another range, 32 samples a turn, and repeat it
// in the channels of RGB.
//
// SI source, DI destination, CX samples left, BX the tables; Y12 zero.

#define ARGUMENTS \
	MOVQ  dst+0(FP), DI    \
	MOVQ  src+8(FP), SI    \
	MOVQ  n+16(FP), CX     \
	MOVQ  levels+24(FP), BX \
	VPXOR Y12, Y12, Y12

// LEVELS leaves the samples as bytes, in order, in Y0.
#define LEVELS \
	VMOVDQU    (SI), Y1                     \
	ADDQ       $32, SI                      \
	VPUNPCKLBW Y1, Y12, Y0                  \
	VPUNPCKHBW Y1, Y12, Y1                  \
	VPMULHUW   levelMap_factor(BX), Y0, Y0  \
	VPMULHUW   levelMap_factor(BX), Y1, Y1  \
	VPADDW     levelMap_base(BX), Y0, Y0    \
	VPADDW     levelMap_base(BX), Y1, Y1    \
	VPSRAW     $6, Y0, Y0                   \
	VPSRAW     $6, Y1, Y1                   \
	VPACKUSWB  Y1, Y0, Y0

// func levelsAVX2(dst, src *byte, n int, levels *levelMap)
TEXT ·levelsAVX2(SB), NOSPLIT, $0-32
	ARGUMENTS

loop:
	LEVELS
	VMOVDQU Y0, (DI)
	ADDQ    $32, DI
	SUBQ    $32, CX
	JNE     loop
	VZEROUPPER
	RET

// func grayTo3AVX2(dst, src *byte, n int, levels *levelMap)
TEXT ·grayTo3AVX2(SB), NOSPLIT, $0-32
	ARGUMENTS
	VMOVDQU (levelMap_repeat+0)(BX), Y13
	VMOVDQU (levelMap_repeat+32)(BX), Y14
	VMOVDQU (levelMap_repeat+64)(BX), Y15

loop:
	LEVELS
	VPSHUFB      Y13, Y0, Y1
	VPSHUFB      Y14, Y0, Y2
	VPSHUFB      Y15, Y0, Y3
	VMOVDQU      X1, (DI)
	VMOVDQU      X2, 16(DI)
	VMOVDQU      X3, 32(DI)
	VEXTRACTI128 $1, Y1, 48(DI)
	VEXTRACTI128 $1, Y2, 64(DI)
	VEXTRACTI128 $1, Y3, 80(DI)
	ADDQ         $96, DI
	SUBQ         $32, CX
	JNE          loop
	VZEROUPPER
	RET

// func grayTo4AVX2(dst, src *byte, n int, levels *levelMap)
TEXT ·grayTo4AVX2(SB), NOSPLIT, $0-32
	ARGUMENTS
	VMOVDQU levelMap_opaque(BX), Y15

loop:
	LEVELS
	VPUNPCKLBW   Y0, Y0, Y2
	VPUNPCKHBW   Y0, Y0, Y3
	VPUNPCKLWD   Y2, Y2, Y4
	VPUNPCKHWD   Y2, Y2, Y5
	VPUNPCKLWD   Y3, Y3, Y6
	VPUNPCKHWD   Y3, Y3, Y7
	VPOR         Y15, Y4, Y4
	VPOR         Y15, Y5, Y5
	VPOR         Y15, Y6, Y6
	VPOR         Y15, Y7, Y7
	VMOVDQU      X4, (DI)
	VMOVDQU      X5, 16(DI)
	VMOVDQU      X6, 32(DI)
	VMOVDQU      X7, 48(DI)
	VEXTRACTI128 $1, Y4, 64(DI)
	VEXTRACTI128 $1, Y5, 80(DI)
	VEXTRACTI128 $1, Y6, 96(DI)
	VEXTRACTI128 $1, Y7, 112(DI)
	SUBQ         $-128, DI
	SUBQ         $32, CX
	JNE          loop
	VZEROUPPER
	RET
