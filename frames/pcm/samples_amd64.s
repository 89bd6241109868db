//go:build !noasm

#include "go_asm.h"
#include "textflag.h"

// Kernels of float32 samples. CX samples are left.

// A float that is repeated in Y, by way of AX.
#define REPEAT(bits, X, Y) \
	MOVL         $bits, AX \
	VMOVD        AX, X     \
	VPBROADCASTD X, Y

// Bits of 2^-7, 2^-15, 2^-23, 2^-31 and the reverse.
#define P_7  0x3C000000
#define P_15 0x38000000
#define P_23 0x34000000
#define P_31 0x30000000
#define P7   0x43000000
#define P15  0x47000000
#define P23  0x4B000000
#define P31  0x4F000000

// SI codes, DI floats.
#define DECODING \
	MOVQ codes+0(FP), SI  \
	MOVQ floats+8(FP), DI \
	MOVQ n+16(FP), CX

// DI codes, SI floats; the scale in Y15.
#define ENCODING(scale) \
	MOVQ codes+0(FP), DI   \
	MOVQ floats+8(FP), SI  \
	MOVQ n+16(FP), CX      \
	REPEAT(scale, X15, Y15)

// SCALED loads eight floats, makes silence of what is no number, and scales.
#define SCALED(at, Y, T) \
	VMOVUPS at(SI), Y      \
	VCMPPS  $7, Y, Y, T    \
	VANDPS  T, Y, Y        \
	VMULPS  Y15, Y, Y

// CODES are integers of SCALED, not above Y14.
#define CODES(at, Y, T) \
	SCALED(at, Y, T)     \
	VMINPS    Y14, Y, Y  \
	VCVTPS2DQ Y, Y

// DI samples, DX the state, in Y0; a step in Y15.
#define DITHERING \
	MOVQ         samples+0(FP), DI \
	MOVQ         n+8(FP), CX       \
	MOVQ         state+16(FP), DX  \
	VBROADCASTSS step+24(FP), Y15  \
	VMOVDQU      (DX), Y0

// NEXT is the next state.
#define NEXT \
	VPSLLD $13, Y0, Y1 \
	VPXOR  Y1, Y0, Y0  \
	VPSRLD $17, Y0, Y1 \
	VPXOR  Y1, Y0, Y0  \
	VPSLLD $5, Y0, Y1  \
	VPXOR  Y1, Y0, Y0

// ADDED adds the integers of Y1 to the samples, as steps.
#define ADDED \
	VCVTDQ2PS Y1, Y1       \
	VMULPS    Y15, Y1, Y1  \
	VADDPS    (DI), Y1, Y1 \
	VMOVUPS   Y1, (DI)     \
	ADDQ      $32, DI      \
	SUBQ      $8, CX

// func decodeU8AVX2(codes *byte, floats *float32, n int)
TEXT ·decodeU8Kernel(SB), NOSPLIT, $0-24
	DECODING
	REPEAT(P_7, X15, Y15)
	REPEAT(128, X14, Y14)

loop:
	VPMOVZXBD (SI), Y0
	VPMOVZXBD 8(SI), Y1
	VPMOVZXBD 16(SI), Y2
	VPMOVZXBD 24(SI), Y3
	VPSUBD    Y14, Y0, Y0
	VPSUBD    Y14, Y1, Y1
	VPSUBD    Y14, Y2, Y2
	VPSUBD    Y14, Y3, Y3
	VCVTDQ2PS Y0, Y0
	VCVTDQ2PS Y1, Y1
	VCVTDQ2PS Y2, Y2
	VCVTDQ2PS Y3, Y3
	VMULPS    Y15, Y0, Y0
	VMULPS    Y15, Y1, Y1
	VMULPS    Y15, Y2, Y2
	VMULPS    Y15, Y3, Y3
	VMOVUPS   Y0, (DI)
	VMOVUPS   Y1, 32(DI)
	VMOVUPS   Y2, 64(DI)
	VMOVUPS   Y3, 96(DI)
	ADDQ      $32, SI
	SUBQ      $-128, DI
	SUBQ      $32, CX
	JNE       loop
	VZEROUPPER
	RET

// func decodeS16AVX2(codes *byte, floats *float32, n int)
TEXT ·decodeS16Kernel(SB), NOSPLIT, $0-24
	DECODING
	REPEAT(P_15, X15, Y15)

loop:
	VPMOVSXWD (SI), Y0
	VPMOVSXWD 16(SI), Y1
	VCVTDQ2PS Y0, Y0
	VCVTDQ2PS Y1, Y1
	VMULPS    Y15, Y0, Y0
	VMULPS    Y15, Y1, Y1
	VMOVUPS   Y0, (DI)
	VMOVUPS   Y1, 32(DI)
	ADDQ      $32, SI
	ADDQ      $64, DI
	SUBQ      $16, CX
	JNE       loop
	VZEROUPPER
	RET

// Three bytes at the top of four, and back.
DATA spread24<>+0(SB)/8, $0x050403FF020100FF
DATA spread24<>+8(SB)/8, $0x0B0A09FF080706FF
GLOBL spread24<>(SB), RODATA|NOPTR, $16
DATA gather24<>+0(SB)/8, $0x0908060504020100
DATA gather24<>+8(SB)/8, $0xFFFFFFFF0E0D0C0A
GLOBL gather24<>(SB), RODATA|NOPTR, $16

// func decodeS24AVX2(codes *byte, floats *float32, n int)
TEXT ·decodeS24Kernel(SB), NOSPLIT, $0-24
	DECODING
	REPEAT(P_23, X15, Y15)
	VBROADCASTI128 spread24<>(SB), Y14

loop:
	VMOVDQU     (SI), X0
	VINSERTI128 $1, 12(SI), Y0, Y0
	VPSHUFB     Y14, Y0, Y0
	VPSRAD      $8, Y0, Y0
	VCVTDQ2PS   Y0, Y0
	VMULPS      Y15, Y0, Y0
	VMOVUPS     Y0, (DI)
	ADDQ        $24, SI
	ADDQ        $32, DI
	SUBQ        $8, CX
	JNE         loop
	VZEROUPPER
	RET

// func decodeS32AVX2(codes *byte, floats *float32, n int)
TEXT ·decodeS32Kernel(SB), NOSPLIT, $0-24
	DECODING
	REPEAT(P_31, X15, Y15)

loop:
	VCVTDQ2PS (SI), Y0
	VMULPS    Y15, Y0, Y0
	VMOVUPS   Y0, (DI)
	ADDQ      $32, SI
	ADDQ      $32, DI
	SUBQ      $8, CX
	JNE       loop
	VZEROUPPER
	RET

// Packing mixes the halves of registers: fours of bytes in order again.
DATA order8<>+0(SB)/8, $0x0000000400000000
DATA order8<>+8(SB)/8, $0x0000000500000001
DATA order8<>+16(SB)/8, $0x0000000600000002
DATA order8<>+24(SB)/8, $0x0000000700000003
GLOBL order8<>(SB), RODATA|NOPTR, $32

// func encodeU8AVX2(codes *byte, floats *float32, n int)
TEXT ·encodeU8Kernel(SB), NOSPLIT, $0-24
	ENCODING(P7)
	REPEAT(0x42FE0000, X14, Y14) // 127
	REPEAT(0x80808080, X13, Y13)
	VMOVDQU order8<>(SB), Y12

loop:
	CODES(0, Y0, Y4)
	CODES(32, Y1, Y5)
	CODES(64, Y2, Y6)
	CODES(96, Y3, Y7)
	VPACKSSDW Y1, Y0, Y0
	VPACKSSDW Y3, Y2, Y2
	VPACKSSWB Y2, Y0, Y0
	VPERMD    Y0, Y12, Y0
	VPXOR     Y13, Y0, Y0
	VMOVDQU   Y0, (DI)
	SUBQ      $-128, SI
	ADDQ      $32, DI
	SUBQ      $32, CX
	JNE       loop
	VZEROUPPER
	RET

// func encodeS16AVX2(codes *byte, floats *float32, n int)
TEXT ·encodeS16Kernel(SB), NOSPLIT, $0-24
	ENCODING(P15)
	REPEAT(0x46FFFE00, X14, Y14) // 32767

loop:
	CODES(0, Y0, Y4)
	CODES(32, Y1, Y5)
	VPACKSSDW Y1, Y0, Y0
	VPERMQ    $0xD8, Y0, Y0
	VMOVDQU   Y0, (DI)
	ADDQ      $64, SI
	ADDQ      $32, DI
	SUBQ      $16, CX
	JNE       loop
	VZEROUPPER
	RET

// func encodeS24AVX2(codes *byte, floats *float32, n int)
TEXT ·encodeS24Kernel(SB), NOSPLIT, $0-24
	ENCODING(P23)
	REPEAT(0x4AFFFFFE, X14, Y14) // 2^23 - 1
	REPEAT(0xCB000000, X13, Y13) // -2^23
	VBROADCASTI128 gather24<>(SB), Y12

loop:
	SCALED(0, Y0, Y4)
	VMINPS       Y14, Y0, Y0
	VMAXPS       Y13, Y0, Y0
	VCVTPS2DQ    Y0, Y0
	VPSHUFB      Y12, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VMOVDQU      X0, (DI)
	VMOVDQU      X1, 12(DI)
	ADDQ         $32, SI
	ADDQ         $24, DI
	SUBQ         $8, CX
	JNE          loop
	VZEROUPPER
	RET

// func encodeS32AVX2(codes *byte, floats *float32, n int)
//
// Too large a float becomes the lowest code: turning all its bits makes it the highest.
TEXT ·encodeS32Kernel(SB), NOSPLIT, $0-24
	ENCODING(P31)

loop:
	SCALED(0, Y0, Y4)
	VCMPPS    $13, Y15, Y0, Y1
	VCVTPS2DQ Y0, Y0
	VPXOR     Y1, Y0, Y0
	VMOVDQU   Y0, (DI)
	ADDQ      $32, SI
	ADDQ      $32, DI
	SUBQ      $8, CX
	JNE       loop
	VZEROUPPER
	RET

// func splitAVX2(left, right, src *float32, n int)
TEXT ·splitKernel(SB), NOSPLIT, $0-32
	MOVQ left+0(FP), DI
	MOVQ right+8(FP), DX
	MOVQ src+16(FP), SI
	MOVQ n+24(FP), CX

loop:
	VMOVUPS (SI), Y0
	VMOVUPS 32(SI), Y1
	VSHUFPS $0x88, Y1, Y0, Y2
	VSHUFPS $0xDD, Y1, Y0, Y3
	VPERMPD $0xD8, Y2, Y2
	VPERMPD $0xD8, Y3, Y3
	VMOVUPS Y2, (DI)
	VMOVUPS Y3, (DX)
	ADDQ    $64, SI
	ADDQ    $32, DI
	ADDQ    $32, DX
	SUBQ    $8, CX
	JNE     loop
	VZEROUPPER
	RET

// func joinAVX2(dst, left, right *float32, n int)
TEXT ·joinKernel(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ left+8(FP), SI
	MOVQ right+16(FP), DX
	MOVQ n+24(FP), CX

loop:
	VMOVUPS    (SI), Y0
	VMOVUPS    (DX), Y1
	VUNPCKLPS  Y1, Y0, Y2
	VUNPCKHPS  Y1, Y0, Y3
	VPERM2F128 $0x20, Y3, Y2, Y0
	VPERM2F128 $0x31, Y3, Y2, Y1
	VMOVUPS    Y0, (DI)
	VMOVUPS    Y1, 32(DI)
	ADDQ       $32, SI
	ADDQ       $32, DX
	ADDQ       $64, DI
	SUBQ       $8, CX
	JNE        loop
	VZEROUPPER
	RET

// func meanAVX2(dst, src *float32, n int)
TEXT ·meanKernel(SB), NOSPLIT, $0-24
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ n+16(FP), CX
	REPEAT(0x3F000000, X15, Y15) // 0.5

loop:
	VMOVUPS (SI), Y0
	VHADDPS 32(SI), Y0, Y0
	VPERMPD $0xD8, Y0, Y0
	VMULPS  Y15, Y0, Y0
	VMOVUPS Y0, (DI)
	ADDQ    $64, SI
	ADDQ    $32, DI
	SUBQ    $8, CX
	JNE     loop
	VZEROUPPER
	RET

// func ditherTriangularAVX2(samples *float32, n int, state *noise, step float32)
TEXT ·ditherTriangularKernel(SB), NOSPLIT, $0-28
	DITHERING
	REPEAT(0xFFFF, X14, Y14)

loop:
	NEXT
	VPSRLD $16, Y0, Y1
	VPAND  Y14, Y0, Y2
	VPSUBD Y2, Y1, Y1
	ADDED
	JNE    loop
	VMOVDQU Y0, (DX)
	VZEROUPPER
	RET

// func ditherEvenAVX2(samples *float32, n int, state *noise, step float32)
TEXT ·ditherEvenKernel(SB), NOSPLIT, $0-28
	DITHERING

loop:
	NEXT
	VPSRAD $8, Y0, Y1
	ADDED
	JNE    loop
	VMOVDQU Y0, (DX)
	VZEROUPPER
	RET

// func levelAVX2(l *laneLevels, samples *float32, n int)
TEXT ·levelKernel(SB), NOSPLIT, $0-24
	MOVQ    l+0(FP), DI
	MOVQ    samples+8(FP), SI
	MOVQ    n+16(FP), CX
	VMOVUPD (laneLevels_squares+0)(DI), Y0
	VMOVUPD (laneLevels_squares+32)(DI), Y1
	VMOVUPS laneLevels_peak(DI), Y2
	REPEAT(0x7FFFFFFF, X15, Y15)

loop:
	VCVTPS2PD (SI), Y3
	VCVTPS2PD 16(SI), Y4
	VMULPD    Y3, Y3, Y3
	VMULPD    Y4, Y4, Y4
	VADDPD    Y3, Y0, Y0
	VADDPD    Y4, Y1, Y1
	VANDPS    (SI), Y15, Y5
	VMAXPS    Y2, Y5, Y2 // the peak so far, if the other is no number
	ADDQ      $32, SI
	SUBQ      $8, CX
	JNE       loop
	VMOVUPD   Y0, (laneLevels_squares+0)(DI)
	VMOVUPD   Y1, (laneLevels_squares+32)(DI)
	VMOVUPS   Y2, laneLevels_peak(DI)
	VZEROUPPER
	RET
