//go:build !noasm

#include "textflag.h"

// A channel of the 16 pixels in X0, X1 and X2.
#define CHANNEL(at, out) \
	VPSHUFB (at+0)(R9), X0, X3; \
	VPSHUFB (at+16)(R9), X1, X4; \
	VPSHUFB (at+32)(R9), X2, X5; \
	VPOR    X4, X3, X3; \
	VPOR    X5, X3, X3; \
	VMOVDQU X3, (out)(AX*1)

// func apartAVX2(a, b, c, src *byte, n int, orders *[3][3][16]uint8)
TEXT ·apartAVX2(SB), NOSPLIT, $0-48
	MOVQ a+0(FP), DI
	MOVQ b+8(FP), DX
	MOVQ c+16(FP), BX
	MOVQ src+24(FP), SI
	MOVQ n+32(FP), CX
	MOVQ orders+40(FP), R9
	SUBQ $16, CX // where the last block begins
	XORQ AX, AX

loop:
	LEAQ    (AX)(AX*2), R8
	VMOVDQU (SI)(R8*1), X0
	VMOVDQU 16(SI)(R8*1), X1
	VMOVDQU 32(SI)(R8*1), X2
	CHANNEL(0, DI)
	CHANNEL(48, DX)
	CHANNEL(96, BX)
	CMPQ    AX, CX
	JEQ     done
	ADDQ    $16, AX
	CMPQ    AX, CX
	CMOVQHI CX, AX
	JMP     loop

done:
	VZEROUPPER
	RET

// Y6 to Y8 are the means, Y9 to Y11 the scales of 24 values.
#define NORM \
	VMOVUPS 0(BX), Y6; \
	VMOVUPS 32(BX), Y7; \
	VMOVUPS 64(BX), Y8; \
	VMOVUPS 96(BX), Y9; \
	VMOVUPS 128(BX), Y10; \
	VMOVUPS 160(BX), Y11

#define NORMALIZE(at, mean, scale, values) \
	VPMOVZXBD at(SI), values; \
	VCVTDQ2PS values, values; \
	VSUBPS    mean, values, values; \
	VMULPS    scale, values, values

// func floatAVX2(dst *float32, src *byte, n int, norm *tensorNorm)
TEXT ·floatAVX2(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ n+16(FP), CX
	MOVQ norm+24(FP), BX
	NORM

loop:
	NORMALIZE(0, Y6, Y9, Y0)
	NORMALIZE(8, Y7, Y10, Y1)
	NORMALIZE(16, Y8, Y11, Y2)
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	VMOVUPS Y2, 64(DI)
	ADDQ    $24, SI
	ADDQ    $96, DI
	SUBQ    $24, CX
	JNE     loop

	VZEROUPPER
	RET

// The low bytes of four words of 32 bits.
DATA lowBytes<>+0(SB)/8, $0x808080800c080400
DATA lowBytes<>+8(SB)/8, $0x8080808080808080
GLOBL lowBytes<>(SB), RODATA|NOPTR, $16

#define ROUND(at, values, low) \
	VCVTPS2DQ    values, values; \
	VPMAXSD      Y12, values, values; \
	VPMINSD      Y13, values, values; \
	VPSHUFB      Y14, values, values; \
	VEXTRACTI128 $1, values, X3; \
	VMOVD        low, at(DI); \
	VMOVD        X3, (at+4)(DI)

// func byteAVX2(dst, src *byte, n int, norm *tensorNorm, low, high int32)
TEXT ·byteAVX2(SB), NOSPLIT, $0-40
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ n+16(FP), CX
	MOVQ norm+24(FP), BX
	MOVL  low+32(FP), AX
	VMOVD AX, X12
	MOVL  high+36(FP), AX
	VMOVD AX, X13
	VPBROADCASTD X12, Y12
	VPBROADCASTD X13, Y13
	VBROADCASTI128 lowBytes<>(SB), Y14
	NORM

loop:
	NORMALIZE(0, Y6, Y9, Y0)
	NORMALIZE(8, Y7, Y10, Y1)
	NORMALIZE(16, Y8, Y11, Y2)
	ROUND(0, Y0, X0)
	ROUND(8, Y1, X1)
	ROUND(16, Y2, X2)
	ADDQ $24, SI
	ADDQ $24, DI
	SUBQ $24, CX
	JNE  loop

	VZEROUPPER
	RET
