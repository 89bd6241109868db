//go:build !noasm

#include "go_asm.h"
#include "textflag.h"

// COMPONENT computes one component, as words, from 64 times the sums in Y0 and Y1.
#define COMPONENT(i, to, t) \
	VPMULHRSW (pairsLanes_fromFirst+32*i)(BX), Y0, to  \
	VPMULHRSW (pairsLanes_fromSecond+32*i)(BX), Y1, t  \
	VPADDW    Y13, to, to                              \
	VPADDW    t, to, to                                \
	VPSRAW    $6, to, to

// func mapPairsAVX2(dst, a, b *byte, n int, lanes *pairsLanes)
//
// DI destination, SI and R8 the two rows, CX pairs left, BX the tables; Y13 zero of chroma,
// Y14 256 less than nothing, Y15 0x00FF.
TEXT ·mapPairsAVX2(SB), NOSPLIT, $0-40
	MOVQ     dst+0(FP), DI
	MOVQ     a+8(FP), SI
	MOVQ     b+16(FP), R8
	MOVQ     n+24(FP), CX
	MOVQ     lanes+32(FP), BX
	VMOVDQU  pairsLanes_zero(BX), Y13
	VPCMPEQW Y15, Y15, Y15
	VPSLLW   $8, Y15, Y14
	VPSRLW   $8, Y15, Y15

loop:
	VMOVDQU   (SI), Y0
	VMOVDQU   (R8), Y2
	VPSRLW    $8, Y0, Y1
	VPSRLW    $8, Y2, Y3
	VPAND     Y15, Y0, Y0
	VPAND     Y15, Y2, Y2
	VPADDW    Y14, Y0, Y0
	VPADDW    Y14, Y1, Y1
	VPADDW    Y2, Y0, Y0
	VPADDW    Y3, Y1, Y1
	VPSLLW    $6, Y0, Y0
	VPSLLW    $6, Y1, Y1
	COMPONENT(0, Y4, Y5)
	COMPONENT(1, Y6, Y7)
	VPACKUSWB Y4, Y4, Y4
	VPACKUSWB Y6, Y6, Y6
	VPUNPCKLBW Y6, Y4, Y4
	VMOVDQU   Y4, (DI)
	ADDQ      $32, SI
	ADDQ      $32, R8
	ADDQ      $32, DI
	SUBQ      $16, CX
	JNE       loop
	VZEROUPPER
	RET
