//go:build !noasm

#include "go_asm.h"
#include "textflag.h"

// Kernels from YUV to RGB: 32 pixels a turn. Each is one LOAD, MATRIX and one STORE.
//
// R10 chroma of channel 0 or the interleaved chroma, R11 chroma of channel 2,
// SI luma or the packed pairs, DI destination, CX pixels left, BX the tables.
// Y11 the factor of a shift, Y12 0xFF00, Y13 all ones, Y14 and Y15 places 1 and 2 modulo 3.
//
// Pixels are done as pairs, which share chroma: words of the even ones and words of the
// odd ones, 16 each. Packing leaves eight even and eight odd bytes in each half.

#define ARGUMENTS \
	MOVQ dst+0(FP), DI    \
	MOVQ y+8(FP), SI      \
	MOVQ c0+16(FP), R10   \
	MOVQ c2+24(FP), R11   \
	MOVQ n+32(FP), CX     \
	MOVQ lanes+40(FP), BX \
	VPCMPEQW Y13, Y13, Y13                    \
	VMOVDQU  toRGBLanes_shift(BX), Y11        \
	VPSLLW   $8, Y13, Y12                     \
	VMOVDQU  (toRGBLanes_third+32)(BX), Y14   \
	VMOVDQU  (toRGBLanes_third+64)(BX), Y15

// LOADs give luma<<8 of even pixels in Y0 and of odd ones in Y1, and (chroma-128)<<8 of
// channels 0 and 2 in Y2 and Y3.

#define LOAD_LUMA \
	VMOVDQU (SI), Y1     \
	ADDQ    $32, SI      \
	VPSLLW  $8, Y1, Y0   \
	VPAND   Y12, Y1, Y1

#define LOAD_PLANAR \
	LOAD_LUMA \
	VPMOVZXBW (R10), Y2    \
	VPMOVZXBW (R11), Y3    \
	ADDQ      $16, R10     \
	ADDQ      $16, R11     \
	VPSLLW    $8, Y2, Y2   \
	VPSLLW    $8, Y3, Y3   \
	VPXOR     toRGBLanes_sign(BX), Y2, Y2  \
	VPXOR     toRGBLanes_sign(BX), Y3, Y3

#define LOAD_PAIRED \
	LOAD_LUMA \
	VMOVDQU (R10), Y3 \
	ADDQ    $32, R10  \
	VPXOR   toRGBLanes_center(BX), Y3, Y3  \
	VPSHUFB toRGBLanes_chroma0(BX), Y3, Y2 \
	VPSHUFB toRGBLanes_chroma2(BX), Y3, Y3

#define LOAD_PACKED \
	VMOVDQU     (SI), X4           \
	VMOVDQU     16(SI), X5         \
	VINSERTI128 $1, 32(SI), Y4, Y4 \
	VINSERTI128 $1, 48(SI), Y5, Y5 \
	ADDQ        $64, SI            \
	VMOVDQU     toRGBLanes_packedLuma(BX), Y1   \
	VMOVDQU     toRGBLanes_packedChroma(BX), Y3 \
	VPSHUFB     Y1, Y4, Y0         \
	VPSHUFB     Y1, Y5, Y1         \
	VPSHUFB     Y3, Y4, Y2         \
	VPSHUFB     Y3, Y5, Y3         \
	VPUNPCKLQDQ Y1, Y0, Y4         \
	VPUNPCKHQDQ Y1, Y0, Y1         \
	VPUNPCKLQDQ Y3, Y2, Y5         \
	VPUNPCKHQDQ Y3, Y2, Y3         \
	VMOVDQA     Y4, Y0             \
	VPXOR       toRGBLanes_sign(BX), Y5, Y2 \
	VPXOR       toRGBLanes_sign(BX), Y3, Y3

// LOADs for pixels of four bytes: groups of four pixels go to the halves by turns, so that
// unpacking leaves whole rows of eight.

#define LOAD_PAIRED_IN_TURN \
	VPERMD  (SI), Y15, Y1 \
	VPERMD  (R10), Y15, Y3 \
	ADDQ    $32, SI      \
	ADDQ    $32, R10     \
	VPSLLW  $8, Y1, Y0   \
	VPAND   Y12, Y1, Y1  \
	VPXOR   toRGBLanes_center(BX), Y3, Y3  \
	VPSHUFB toRGBLanes_chroma0(BX), Y3, Y2 \
	VPSHUFB toRGBLanes_chroma2(BX), Y3, Y3

// LOAD_PACKED_WIDE leaves luma<<8 of pixels in order in Y0 and Y1, and (chroma-128)<<8 of
// the same pixels, each twice, in Y2 and Y3 for channel 0 and in Y4 and Y5 for channel 2.
#define LOAD_PACKED_WIDE \
	VPERMQ  $0xD8, (SI), Y8                   \
	VPERMQ  $0xD8, 32(SI), Y9                 \
	ADDQ    $64, SI                           \
	VPXOR   toRGBLanes_wideCenter(BX), Y8, Y8 \
	VPXOR   toRGBLanes_wideCenter(BX), Y9, Y9 \
	VMOVDQU toRGBLanes_wideLuma(BX), Y1       \
	VMOVDQU toRGBLanes_wideChroma0(BX), Y3    \
	VMOVDQU toRGBLanes_wideChroma2(BX), Y5    \
	VPSHUFB Y1, Y8, Y0                        \
	VPSHUFB Y1, Y9, Y1                        \
	VPSHUFB Y3, Y8, Y2                        \
	VPSHUFB Y3, Y9, Y3                        \
	VPSHUFB Y5, Y8, Y4                        \
	VPSHUFB Y5, Y9, Y5

// CHANNEL adds luma to the chroma in c and leaves bytes there. Half
// of the shifts are products: other units of the processor do those.
#define CHANNEL(c, t) \
	VPADDSW   Y0, c, t   \
	VPADDSW   Y1, c, c   \
	VPMULHW   Y11, t, t  \
	VPSRAW    $6, c, c   \
	VPACKUSWB c, t, c

// MATRIX leaves the channels in Y4, Y5 and Y6.
#define MATRIX \
	VPMULHUW  toRGBLanes_luma(BX), Y0, Y0   \
	VPMULHUW  toRGBLanes_luma(BX), Y1, Y1   \
	VPMULHRSW toRGBLanes_own0(BX), Y2, Y4   \
	VPMULHRSW toRGBLanes_own2(BX), Y3, Y6   \
	VPMULHRSW toRGBLanes_green0(BX), Y2, Y2 \
	VPMULHRSW toRGBLanes_green2(BX), Y3, Y3 \
	VPADDW    toRGBLanes_base(BX), Y0, Y0   \
	VPADDW    toRGBLanes_base(BX), Y1, Y1   \
	VPADDW    Y2, Y3, Y5                    \
	CHANNEL(Y4, Y7) \
	CHANNEL(Y5, Y8) \
	CHANNEL(Y6, Y9)

// STORE3 writes pixels of three bytes.
#define STORE3 \
	VPSHUFB      (toRGBLanes_spread+0)(BX), Y4, Y4  \
	VPSHUFB      (toRGBLanes_spread+32)(BX), Y5, Y5 \
	VPSHUFB      (toRGBLanes_spread+64)(BX), Y6, Y6 \
	VPBLENDVB    Y14, Y5, Y4, Y0    \
	VPBLENDVB    Y14, Y6, Y5, Y1    \
	VPBLENDVB    Y14, Y4, Y6, Y2    \
	VPBLENDVB    Y15, Y6, Y0, Y0    \
	VPBLENDVB    Y15, Y4, Y1, Y1    \
	VPBLENDVB    Y15, Y5, Y2, Y2    \
	VINSERTI128  $1, X1, Y0, Y7     \
	VPBLENDD     $0xF0, Y0, Y2, Y8  \
	VPERM2I128   $0x31, Y2, Y1, Y9  \
	VMOVDQU      Y7, (DI)           \
	VMOVDQU      Y8, 32(DI)         \
	VMOVDQU      Y9, 64(DI)         \
	ADDQ         $96, DI

// ORDER puts the bytes of channels in order.
#define ORDER \
	VMOVDQU toRGBLanes_order(BX), Y0 \
	VPSHUFB Y0, Y4, Y4               \
	VPSHUFB Y0, Y5, Y5               \
	VPSHUFB Y0, Y6, Y6

// STORE4 writes pixels of four bytes, given in their order.
#define STORE4(a, b, c, d) \
	ORDER \
	VPUNPCKLBW   b, a, Y0           \
	VPUNPCKHBW   b, a, Y1           \
	VPUNPCKLBW   d, c, Y2           \
	VPUNPCKHBW   d, c, Y3           \
	VPUNPCKLWD   Y2, Y0, Y7         \
	VPUNPCKHWD   Y2, Y0, Y8         \
	VPUNPCKLWD   Y3, Y1, Y9         \
	VPUNPCKHWD   Y3, Y1, Y10        \
	VINSERTI128  $1, X8, Y7, Y0     \
	VINSERTI128  $1, X10, Y9, Y1    \
	VPERM2I128   $0x31, Y8, Y7, Y2  \
	VPERM2I128   $0x31, Y10, Y9, Y3 \
	VMOVDQU      Y0, (DI)           \
	VMOVDQU      Y1, 32(DI)         \
	VMOVDQU      Y2, 64(DI)         \
	VMOVDQU      Y3, 96(DI)         \
	SUBQ         $-128, DI

// STORE4_IN_TURN is STORE4 for groups of four that went to the halves by turns.
#define STORE4_IN_TURN(a, b, c, d) \
	VPUNPCKLBW   b, a, Y0           \
	VPUNPCKHBW   b, a, Y1           \
	VPUNPCKLBW   d, c, Y3           \
	VPUNPCKHBW   d, c, Y5           \
	VPUNPCKLWD   Y3, Y0, Y7         \
	VPUNPCKHWD   Y3, Y0, Y8         \
	VPUNPCKLWD   Y5, Y1, Y9         \
	VPUNPCKHWD   Y5, Y1, Y10        \
	VMOVDQU      Y7, (DI)           \
	VMOVDQU      Y8, 32(DI)         \
	VMOVDQU      Y9, 64(DI)         \
	VMOVDQU      Y10, 96(DI)        \
	SUBQ         $-128, DI

// CHANNEL_WIDE is CHANNEL for chroma that stands beside its luma, in a and b.
#define CHANNEL_WIDE(a, b) \
	VPADDSW   Y0, a, a   \
	VPADDSW   Y1, b, b   \
	VPMULHW   Y11, a, a  \
	VPSRAW    $6, b, b   \
	VPACKUSWB b, a, a

// MATRIX_WIDE leaves the channels in Y2, Y6 and Y4, in order within halves.
#define MATRIX_WIDE \
	VPMULHUW  toRGBLanes_luma(BX), Y0, Y0   \
	VPMULHUW  toRGBLanes_luma(BX), Y1, Y1   \
	VPMULHRSW toRGBLanes_green0(BX), Y2, Y6 \
	VPMULHRSW toRGBLanes_green0(BX), Y3, Y7 \
	VPMULHRSW toRGBLanes_green2(BX), Y4, Y8 \
	VPMULHRSW toRGBLanes_green2(BX), Y5, Y9 \
	VPADDW    toRGBLanes_base(BX), Y0, Y0   \
	VPADDW    toRGBLanes_base(BX), Y1, Y1   \
	VPMULHRSW toRGBLanes_own0(BX), Y2, Y2   \
	VPMULHRSW toRGBLanes_own0(BX), Y3, Y3   \
	VPMULHRSW toRGBLanes_own2(BX), Y4, Y4   \
	VPMULHRSW toRGBLanes_own2(BX), Y5, Y5   \
	VPADDW    Y8, Y6, Y6                    \
	VPADDW    Y9, Y7, Y7                    \
	CHANNEL_WIDE(Y2, Y3) \
	CHANNEL_WIDE(Y6, Y7) \
	CHANNEL_WIDE(Y4, Y5)

// LUMA computes and writes the middle channel alone.
#define LUMA \
	VPMULHUW  toRGBLanes_luma(BX), Y0, Y0   \
	VPMULHUW  toRGBLanes_luma(BX), Y1, Y1   \
	VPMULHRSW toRGBLanes_green0(BX), Y2, Y2 \
	VPMULHRSW toRGBLanes_green2(BX), Y3, Y3 \
	VPADDW    toRGBLanes_base(BX), Y0, Y0   \
	VPADDW    toRGBLanes_base(BX), Y1, Y1   \
	VPADDW    Y2, Y3, Y5                    \
	CHANNEL(Y5, Y8)                         \
	VPSHUFB   toRGBLanes_order(BX), Y5, Y5  \
	VMOVDQU   Y5, (DI)                      \
	ADDQ      $32, DI

// func planarTo3AVX2(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes)
TEXT ·planarTo3AVX2(SB), NOSPLIT, $0-48
	ARGUMENTS

loop:
	LOAD_PLANAR
	MATRIX
	STORE3
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET

// func planarTo4AVX2(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes)
TEXT ·planarTo4AVX2(SB), NOSPLIT, $0-48
	ARGUMENTS

loop:
	LOAD_PLANAR
	MATRIX
	STORE4(Y4, Y5, Y6, Y13)
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET

// func planarToX4AVX2(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes)
TEXT ·planarToX4AVX2(SB), NOSPLIT, $0-48
	ARGUMENTS

loop:
	LOAD_PLANAR
	MATRIX
	STORE4(Y13, Y4, Y5, Y6)
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET

// func pairedTo3AVX2(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes)
TEXT ·pairedTo3AVX2(SB), NOSPLIT, $0-48
	ARGUMENTS

loop:
	LOAD_PAIRED
	MATRIX
	STORE3
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET

// func pairedTo4AVX2(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes)
TEXT ·pairedTo4AVX2(SB), NOSPLIT, $0-48
	ARGUMENTS
	VMOVDQU toRGBLanes_turns(BX), Y15

loop:
	LOAD_PAIRED_IN_TURN
	MATRIX
	ORDER
	STORE4_IN_TURN(Y4, Y5, Y6, Y13)
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET

// func pairedToX4AVX2(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes)
TEXT ·pairedToX4AVX2(SB), NOSPLIT, $0-48
	ARGUMENTS
	VMOVDQU toRGBLanes_turns(BX), Y15

loop:
	LOAD_PAIRED_IN_TURN
	MATRIX
	ORDER
	STORE4_IN_TURN(Y13, Y4, Y5, Y6)
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET

// func packedTo3AVX2(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes)
TEXT ·packedTo3AVX2(SB), NOSPLIT, $0-48
	ARGUMENTS

loop:
	LOAD_PACKED
	MATRIX
	STORE3
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET

// func packedTo4AVX2(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes)
TEXT ·packedTo4AVX2(SB), NOSPLIT, $0-48
	ARGUMENTS

loop:
	LOAD_PACKED_WIDE
	MATRIX_WIDE
	STORE4_IN_TURN(Y2, Y6, Y4, Y13)
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET

// func packedToX4AVX2(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes)
TEXT ·packedToX4AVX2(SB), NOSPLIT, $0-48
	ARGUMENTS

loop:
	LOAD_PACKED_WIDE
	MATRIX_WIDE
	STORE4_IN_TURN(Y13, Y2, Y6, Y4)
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET

// func planarToLumaAVX2(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes)
TEXT ·planarToLumaAVX2(SB), NOSPLIT, $0-48
	ARGUMENTS

loop:
	LOAD_PLANAR
	LUMA
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET

// func pairedToLumaAVX2(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes)
TEXT ·pairedToLumaAVX2(SB), NOSPLIT, $0-48
	ARGUMENTS

loop:
	LOAD_PAIRED
	LUMA
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET

// func packedToLumaAVX2(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes)
TEXT ·packedToLumaAVX2(SB), NOSPLIT, $0-48
	ARGUMENTS

loop:
	LOAD_PACKED
	LUMA
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET
