//go:build !noasm

#include "textflag.h"

// Kernels that bring samples together or apart, 32 a turn.

// Packed formats to planes. SI and R8 the two rows, DI and R9 their luma, R10 and R11
// chroma, CX pixels left, BX the order of chroma; Y15 0x00FF.

#define UNPACK_ARGUMENTS \
	MOVQ     y0+0(FP), DI       \
	MOVQ     y1+8(FP), R9       \
	MOVQ     first+16(FP), R10  \
	MOVQ     second+24(FP), R11 \
	MOVQ     top+32(FP), SI     \
	MOVQ     bottom+40(FP), R8  \
	MOVQ     n+48(FP), CX       \
	MOVQ     swap+56(FP), BX    \
	VMOVDQU  (BX), Y14          \
	VPCMPEQW Y15, Y15, Y15      \
	VPSRLW   $8, Y15, Y15

#define LOW(from, to)  VPAND Y15, from, to
#define HIGH(from, to) VPSRLW $8, from, to

// UNPACK writes luma, and leaves pairs of mean chroma in Y0, in order.
#define UNPACK(LUMA, CHROMA) \
	VMOVDQU   (SI), Y0       \
	VMOVDQU   32(SI), Y1     \
	VMOVDQU   (R8), Y2       \
	VMOVDQU   32(R8), Y3     \
	LUMA(Y0, Y4)             \
	LUMA(Y1, Y5)             \
	LUMA(Y2, Y6)             \
	LUMA(Y3, Y7)             \
	VPAVGB    Y2, Y0, Y0     \
	VPAVGB    Y3, Y1, Y1     \
	VPACKUSWB Y5, Y4, Y4     \
	VPACKUSWB Y7, Y6, Y6     \
	CHROMA(Y0, Y0)           \
	CHROMA(Y1, Y1)           \
	VPERMQ    $0xD8, Y4, Y4  \
	VPERMQ    $0xD8, Y6, Y6  \
	VPACKUSWB Y1, Y0, Y0     \
	VMOVDQU   Y4, (DI)       \
	VMOVDQU   Y6, (R9)       \
	VPERMQ    $0xD8, Y0, Y0  \
	ADDQ      $64, SI        \
	ADDQ      $64, R8        \
	ADDQ      $32, DI        \
	ADDQ      $32, R9

#define STORE_PAIRED \
	VPSHUFB Y14, Y0, Y0  \
	VMOVDQU Y0, (R10)    \
	ADDQ    $32, R10

#define STORE_PLANAR \
	VPSRLW       $8, Y0, Y1    \
	VPAND        Y15, Y0, Y0   \
	VPACKUSWB    Y1, Y0, Y0    \
	VPERMQ       $0xD8, Y0, Y0 \
	VMOVDQU      X0, (R10)     \
	VEXTRACTI128 $1, Y0, (R11) \
	ADDQ         $16, R10      \
	ADDQ         $16, R11

// func gatherKernel(dst, src *byte, n, shift int)
TEXT ·gatherKernel(SB), NOSPLIT, $0-32
	MOVQ     dst+0(FP), DI
	MOVQ     src+8(FP), SI
	MOVQ     n+16(FP), CX
	VMOVQ    shift+24(FP), X13
	VPCMPEQW Y15, Y15, Y15
	VPSRLW   $8, Y15, Y15

loop:
	VMOVDQU   (SI), Y0
	VMOVDQU   32(SI), Y1
	VPSRLW    X13, Y0, Y0
	VPSRLW    X13, Y1, Y1
	VPAND     Y15, Y0, Y0
	VPAND     Y15, Y1, Y1
	VPACKUSWB Y1, Y0, Y0
	VPERMQ    $0xD8, Y0, Y0
	VMOVDQU   Y0, (DI)
	ADDQ      $64, SI
	ADDQ      $32, DI
	SUBQ      $32, CX
	JNE       loop
	VZEROUPPER
	RET

// func shuffleKernel(dst, src *byte, n int, p *pattern)
TEXT ·shuffleKernel(SB), NOSPLIT, $0-32
	MOVQ    dst+0(FP), DI
	MOVQ    src+8(FP), SI
	MOVQ    n+16(FP), CX
	MOVQ    p+24(FP), BX
	VMOVDQU (BX), Y15

loop:
	VMOVDQU (SI), Y0
	VPSHUFB Y15, Y0, Y0
	VMOVDQU Y0, (DI)
	ADDQ    $32, SI
	ADDQ    $32, DI
	SUBQ    $32, CX
	JNE     loop
	VZEROUPPER
	RET

// func splitKernel(first, second, pairs *byte, n int)
TEXT ·splitKernel(SB), NOSPLIT, $0-32
	MOVQ     first+0(FP), DI
	MOVQ     second+8(FP), R9
	MOVQ     pairs+16(FP), SI
	MOVQ     n+24(FP), CX
	VPCMPEQW Y15, Y15, Y15
	VPSRLW   $8, Y15, Y15

loop:
	VMOVDQU   (SI), Y0
	VMOVDQU   32(SI), Y1
	VPSRLW    $8, Y0, Y2
	VPSRLW    $8, Y1, Y3
	VPAND     Y15, Y0, Y0
	VPAND     Y15, Y1, Y1
	VPACKUSWB Y1, Y0, Y0
	VPACKUSWB Y3, Y2, Y2
	VPERMQ    $0xD8, Y0, Y0
	VPERMQ    $0xD8, Y2, Y2
	VMOVDQU   Y0, (DI)
	VMOVDQU   Y2, (R9)
	ADDQ      $64, SI
	ADDQ      $32, DI
	ADDQ      $32, R9
	SUBQ      $32, CX
	JNE       loop
	VZEROUPPER
	RET

// func mergeKernel(pairs, first, second *byte, n int)
TEXT ·mergeKernel(SB), NOSPLIT, $0-32
	MOVQ pairs+0(FP), DI
	MOVQ first+8(FP), SI
	MOVQ second+16(FP), R8
	MOVQ n+24(FP), CX

loop:
	VMOVDQU      (SI), Y0
	VMOVDQU      (R8), Y1
	VPUNPCKLBW   Y1, Y0, Y2
	VPUNPCKHBW   Y1, Y0, Y3
	VINSERTI128  $1, X3, Y2, Y4
	VPERM2I128   $0x31, Y3, Y2, Y5
	VMOVDQU      Y4, (DI)
	VMOVDQU      Y5, 32(DI)
	ADDQ         $32, SI
	ADDQ         $32, R8
	ADDQ         $64, DI
	SUBQ         $32, CX
	JNE          loop
	VZEROUPPER
	RET

// func unpackLumaPlanarAVX2(y0, y1, first, second, top, bottom *byte, n int, swap *pattern)
TEXT ·unpackLumaPlanarAVX2(SB), NOSPLIT, $0-64
	UNPACK_ARGUMENTS

loop:
	UNPACK(LOW, HIGH)
	STORE_PLANAR
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET

// func unpackLumaPairedAVX2(y0, y1, first, second, top, bottom *byte, n int, swap *pattern)
TEXT ·unpackLumaPairedAVX2(SB), NOSPLIT, $0-64
	UNPACK_ARGUMENTS

loop:
	UNPACK(LOW, HIGH)
	STORE_PAIRED
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET

// func unpackChromaPlanarAVX2(y0, y1, first, second, top, bottom *byte, n int, swap *pattern)
TEXT ·unpackChromaPlanarAVX2(SB), NOSPLIT, $0-64
	UNPACK_ARGUMENTS

loop:
	UNPACK(HIGH, LOW)
	STORE_PLANAR
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET

// func unpackChromaPairedAVX2(y0, y1, first, second, top, bottom *byte, n int, swap *pattern)
TEXT ·unpackChromaPairedAVX2(SB), NOSPLIT, $0-64
	UNPACK_ARGUMENTS

loop:
	UNPACK(HIGH, LOW)
	STORE_PAIRED
	SUBQ $32, CX
	JNE  loop
	VZEROUPPER
	RET
