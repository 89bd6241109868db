//go:build !noasm

#include "go_asm.h"
#include "textflag.h"

// Kernels that move the channels of RGB, 8 pixels at a time and 32 a turn. Four pixels
// of three bytes are the first 12 of a half.
//
// SI source, DI destination, CX pixels left; Y13 the shuffle within halves, Y14 what
// makes pixels opaque, Y15 the order of double words that joins two times 12 bytes, Y12
// the shuffle where the second half was read four bytes early, not to read beyond.

#define ARGUMENTS \
	MOVQ    dst+0(FP), DI             \
	MOVQ    src+8(FP), SI             \
	MOVQ    n+16(FP), CX              \
	MOVQ    lanes+24(FP), BX          \
	VMOVDQU rgbLanes_shuffle(BX), Y13 \
	VMOVDQU rgbLanes_opaque(BX), Y14  \
	VMOVDQU rgbLanes_join(BX), Y15    \
	VMOVDQU rgbLanes_early(BX), Y12

#define LOAD3(at, r, x) \
	VMOVDQU     at(SI), x             \
	VINSERTI128 $1, (at+12)(SI), r, r \
	VPSHUFB     Y13, r, r

#define LOAD3LAST(at, r, x) \
	VMOVDQU     at(SI), x            \
	VINSERTI128 $1, (at+8)(SI), r, r \
	VPSHUFB     Y12, r, r

#define LOAD4(at, r, x) \
	VMOVDQU at(SI), r     \
	VPSHUFB Y13, r, r

// STORE3 writes 24 bytes and 8 more, which the next ones replace.
#define STORE3(at, r) \
	VPERMD  r, Y15, r     \
	VMOVDQU r, at(DI)

#define STORE3LAST(at, r, x) \
	VPERMD       r, Y15, r     \
	VMOVDQU      x, at(DI)     \
	VEXTRACTI128 $1, r, x      \
	VMOVQ        x, (at+16)(DI)

#define STORE4(at, r) \
	VPOR    Y14, r, r     \
	VMOVDQU r, at(DI)

// func move3To3AVX2(dst, src *byte, n int, lanes *rgbLanes)
TEXT ·move3To3AVX2(SB), NOSPLIT, $0-32
	ARGUMENTS

loop:
	LOAD3(0, Y0, X0)
	LOAD3(24, Y1, X1)
	LOAD3(48, Y2, X2)
	LOAD3LAST(72, Y3, X3)
	STORE3(0, Y0)
	STORE3(24, Y1)
	STORE3(48, Y2)
	STORE3LAST(72, Y3, X3)
	ADDQ $96, SI
	ADDQ $96, DI
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET

// func move3To4AVX2(dst, src *byte, n int, lanes *rgbLanes)
TEXT ·move3To4AVX2(SB), NOSPLIT, $0-32
	ARGUMENTS

loop:
	LOAD3(0, Y0, X0)
	LOAD3(24, Y1, X1)
	LOAD3(48, Y2, X2)
	LOAD3LAST(72, Y3, X3)
	STORE4(0, Y0)
	STORE4(32, Y1)
	STORE4(64, Y2)
	STORE4(96, Y3)
	ADDQ $96, SI
	SUBQ $-128, DI
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET

// func move4To3AVX2(dst, src *byte, n int, lanes *rgbLanes)
TEXT ·move4To3AVX2(SB), NOSPLIT, $0-32
	ARGUMENTS

loop:
	LOAD4(0, Y0, X0)
	LOAD4(32, Y1, X1)
	LOAD4(64, Y2, X2)
	LOAD4(96, Y3, X3)
	STORE3(0, Y0)
	STORE3(24, Y1)
	STORE3(48, Y2)
	STORE3LAST(72, Y3, X3)
	SUBQ $-128, SI
	ADDQ $96, DI
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET

// func move4To4AVX2(dst, src *byte, n int, lanes *rgbLanes)
TEXT ·move4To4AVX2(SB), NOSPLIT, $0-32
	ARGUMENTS

loop:
	LOAD4(0, Y0, X0)
	LOAD4(32, Y1, X1)
	LOAD4(64, Y2, X2)
	LOAD4(96, Y3, X3)
	STORE4(0, Y0)
	STORE4(32, Y1)
	STORE4(64, Y2)
	STORE4(96, Y3)
	SUBQ $-128, SI
	SUBQ $-128, DI
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET
