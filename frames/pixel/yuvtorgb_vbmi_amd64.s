//go:build !noasm

#include "go_asm.h"
#include "textflag.h"

// Kernels from YUV to pixels of three bytes for processors with AVX-512 (VBMI): 64
// pixels a turn. They do what those of yuvtorgb_amd64.s do, from the same tables, but
// bytes of the three channels come to their places across the whole vector at once.
//
// R10 chroma of channel 0 or the interleaved chroma, R11 chroma of channel 2, SI luma,
// DI destination, CX pixels left.

#define ARGUMENTS \
	MOVQ dst+0(FP), DI    \
	MOVQ y+8(FP), SI      \
	MOVQ c0+16(FP), R10   \
	MOVQ c2+24(FP), R11   \
	MOVQ n+32(FP), CX     \
	MOVQ lanes+40(FP), BX \
	MOVQ merge+48(FP), DX \
	VMOVDQU8        (mergeLanes_first+0)(DX), Z16   \
	VMOVDQU8        (mergeLanes_first+64)(DX), Z17  \
	VMOVDQU8        (mergeLanes_first+128)(DX), Z18 \
	VMOVDQU8        (mergeLanes_last+0)(DX), Z19    \
	VMOVDQU8        (mergeLanes_last+64)(DX), Z20   \
	VMOVDQU8        (mergeLanes_last+128)(DX), Z21  \
	KMOVQ           (mergeLanes_isLast+0)(DX), K1   \
	KMOVQ           (mergeLanes_isLast+8)(DX), K2   \
	KMOVQ           (mergeLanes_isLast+16)(DX), K3  \
	VBROADCASTI64X4 toRGBLanes_shift(BX), Z11       \
	VBROADCASTI64X4 toRGBLanes_luma(BX), Z22        \
	VBROADCASTI64X4 toRGBLanes_own0(BX), Z23        \
	VBROADCASTI64X4 toRGBLanes_own2(BX), Z24        \
	VBROADCASTI64X4 toRGBLanes_green0(BX), Z25      \
	VBROADCASTI64X4 toRGBLanes_green2(BX), Z26      \
	VBROADCASTI64X4 toRGBLanes_base(BX), Z27        \
	VBROADCASTI64X4 toRGBLanes_center(BX), Z28      \
	VBROADCASTI64X4 toRGBLanes_chroma0(BX), Z29     \
	VBROADCASTI64X4 toRGBLanes_chroma2(BX), Z30     \
	VBROADCASTI64X4 toRGBLanes_sign(BX), Z31        \
	VPTERNLOGD      $0xFF, Z12, Z12, Z12            \
	VPSLLW          $8, Z12, Z12

#define LOAD_LUMA \
	VMOVDQU8 (SI), Z1     \
	ADDQ     $64, SI      \
	VPSLLW   $8, Z1, Z0   \
	VPANDQ   Z12, Z1, Z1

#define LOAD_PLANAR \
	LOAD_LUMA \
	VPMOVZXBW (R10), Z2    \
	VPMOVZXBW (R11), Z3    \
	ADDQ      $32, R10     \
	ADDQ      $32, R11     \
	VPSLLW    $8, Z2, Z2   \
	VPSLLW    $8, Z3, Z3   \
	VPXORQ    Z31, Z2, Z2  \
	VPXORQ    Z31, Z3, Z3

#define LOAD_PAIRED \
	LOAD_LUMA \
	VMOVDQU8 (R10), Z3    \
	ADDQ     $64, R10     \
	VPXORQ   Z28, Z3, Z3  \
	VPSHUFB  Z29, Z3, Z2  \
	VPSHUFB  Z30, Z3, Z3

#define CHANNEL(c, t) \
	VPADDSW   Z0, c, t   \
	VPADDSW   Z1, c, c   \
	VPMULHW   Z11, t, t  \
	VPSRAW    $6, c, c   \
	VPACKUSWB c, t, c

#define MATRIX \
	VPMULHUW  Z22, Z0, Z0 \
	VPMULHUW  Z22, Z1, Z1 \
	VPMULHRSW Z23, Z2, Z4 \
	VPMULHRSW Z24, Z3, Z6 \
	VPMULHRSW Z25, Z2, Z2 \
	VPMULHRSW Z26, Z3, Z3 \
	VPADDW    Z27, Z0, Z0 \
	VPADDW    Z27, Z1, Z1 \
	VPADDW    Z2, Z3, Z5  \
	CHANNEL(Z4, Z7) \
	CHANNEL(Z5, Z8) \
	CHANNEL(Z6, Z9)

// STORE3 takes channels 0 and 1 of a third of the pixels from two vectors, then puts
// channel 2 between.
#define STORE3 \
	VMOVDQA64 Z16, Z7         \
	VMOVDQA64 Z17, Z8         \
	VMOVDQA64 Z18, Z9         \
	VPERMI2B  Z5, Z4, Z7      \
	VPERMI2B  Z5, Z4, Z8      \
	VPERMI2B  Z5, Z4, Z9      \
	VPERMB    Z6, Z19, K1, Z7 \
	VPERMB    Z6, Z20, K2, Z8 \
	VPERMB    Z6, Z21, K3, Z9 \
	VMOVDQU8  Z7, (DI)        \
	VMOVDQU8  Z8, 64(DI)      \
	VMOVDQU8  Z9, 128(DI)     \
	ADDQ      $192, DI

// func planarTo3VBMI(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes, merge *mergeLanes)
TEXT ·planarTo3VBMI(SB), NOSPLIT, $0-56
	ARGUMENTS

loop:
	LOAD_PLANAR
	MATRIX
	STORE3
	SUBQ $64, CX
	JNE  loop
	VZEROUPPER
	RET

// func pairedTo3VBMI(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes, merge *mergeLanes)
TEXT ·pairedTo3VBMI(SB), NOSPLIT, $0-56
	ARGUMENTS

loop:
	LOAD_PAIRED
	MATRIX
	STORE3
	SUBQ $64, CX
	JNE  loop
	VZEROUPPER
	RET
