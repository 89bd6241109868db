//go:build !noasm

#include "textflag.h"

// Kernels that mix bytes with others, 32 a turn, as words.

// func blendKernel(dst, src *byte, n, weight int)
TEXT ·blendKernel(SB), NOSPLIT, $0-32
	MOVQ         dst+0(FP), DI
	MOVQ         src+8(FP), SI
	MOVQ         n+16(FP), CX
	VMOVQ        weight+24(FP), X15
	VPBROADCASTW X15, Y15
	VPXOR        Y14, Y14, Y14

loop:
	VMOVDQU    (DI), Y0
	VMOVDQU    (SI), Y1
	VPUNPCKLBW Y14, Y0, Y2  // what is there
	VPUNPCKHBW Y14, Y0, Y3
	VPUNPCKLBW Y14, Y1, Y4  // what comes
	VPUNPCKHBW Y14, Y1, Y5
	VPSUBW     Y2, Y4, Y4
	VPSUBW     Y3, Y5, Y5
	VPMULLW    Y15, Y4, Y4
	VPMULLW    Y15, Y5, Y5
	VPSLLW     $8, Y2, Y2
	VPSLLW     $8, Y3, Y3
	VPADDW     Y2, Y4, Y4   // modulo 65536 all of it fits
	VPADDW     Y3, Y5, Y5
	VPSRLW     $8, Y4, Y4
	VPSRLW     $8, Y5, Y5
	VPACKUSWB  Y5, Y4, Y4
	VMOVDQU    Y4, (DI)
	ADDQ       $32, SI
	ADDQ       $32, DI
	SUBQ       $32, CX
	JNE        loop
	VZEROUPPER
	RET

// func coverKernel(dst, src, mask *byte, n int)
TEXT ·coverKernel(SB), NOSPLIT, $0-32
	MOVQ     dst+0(FP), DI
	MOVQ     src+8(FP), SI
	MOVQ     mask+16(FP), R8
	MOVQ     n+24(FP), CX
	VPXOR    Y14, Y14, Y14
	VPCMPEQW Y13, Y13, Y13
	VPSLLW   $15, Y13, Y12
	VPSRLW   $8, Y12, Y12   // 128
	VPSRLW   $8, Y13, Y13   // 255

loop:
	VMOVDQU    (DI), Y0
	VMOVDQU    (SI), Y1
	VMOVDQU    (R8), Y2
	VPUNPCKLBW Y14, Y2, Y3  // the mask
	VPUNPCKHBW Y14, Y2, Y4
	VPUNPCKLBW Y14, Y1, Y5  // what comes
	VPUNPCKHBW Y14, Y1, Y6
	VPUNPCKLBW Y14, Y0, Y7  // what is there
	VPUNPCKHBW Y14, Y0, Y8
	VPMULLW    Y3, Y5, Y5
	VPMULLW    Y4, Y6, Y6
	VPSUBW     Y3, Y13, Y3
	VPSUBW     Y4, Y13, Y4
	VPMULLW    Y3, Y7, Y7
	VPMULLW    Y4, Y8, Y8
	VPADDW     Y12, Y5, Y5
	VPADDW     Y12, Y6, Y6
	VPADDW     Y7, Y5, Y5
	VPADDW     Y8, Y6, Y6
	VPSRLW     $8, Y5, Y7
	VPSRLW     $8, Y6, Y8
	VPADDW     Y7, Y5, Y5
	VPADDW     Y8, Y6, Y6
	VPSRLW     $8, Y5, Y5
	VPSRLW     $8, Y6, Y6
	VPACKUSWB  Y6, Y5, Y5
	VMOVDQU    Y5, (DI)
	ADDQ       $32, SI
	ADDQ       $32, R8
	ADDQ       $32, DI
	SUBQ       $32, CX
	JNE        loop
	VZEROUPPER
	RET

// func overOpaqueKernel(dst, src *byte, n int, lanes *[16]byte, alpha int)
TEXT ·overOpaqueKernel(SB), NOSPLIT, $0-40
	MOVQ           dst+0(FP), DI
	MOVQ           src+8(FP), SI
	MOVQ           n+16(FP), CX
	MOVQ           lanes+24(FP), R8
	VMOVQ          alpha+32(FP), X15
	VPBROADCASTW   X15, Y15
	VBROADCASTI128 (R8), Y11
	VPXOR          Y14, Y14, Y14
	VPCMPEQW       Y13, Y13, Y13
	VPSLLW         $15, Y13, Y12
	VPSRLW         $8, Y12, Y12  // 128
	VPSRLW         $8, Y13, Y13  // 255

loop:
	VMOVDQU    (DI), Y0
	VMOVDQU    (SI), Y1
	VPSHUFB    Y11, Y1, Y2
	VPUNPCKLBW Y14, Y2, Y3   // alpha of the pixels
	VPUNPCKHBW Y14, Y2, Y4
	VPMULLW    Y15, Y3, Y3
	VPMULLW    Y15, Y4, Y4
	VPADDW     Y12, Y3, Y3
	VPADDW     Y12, Y4, Y4
	VPSRLW     $8, Y3, Y5
	VPSRLW     $8, Y4, Y6
	VPADDW     Y5, Y3, Y3
	VPADDW     Y6, Y4, Y4
	VPSRLW     $8, Y3, Y3
	VPSRLW     $8, Y4, Y4
	VPUNPCKLBW Y14, Y1, Y5   // what comes
	VPUNPCKHBW Y14, Y1, Y6
	VPUNPCKLBW Y14, Y0, Y7   // what is there
	VPUNPCKHBW Y14, Y0, Y8
	VPMULLW    Y3, Y5, Y5
	VPMULLW    Y4, Y6, Y6
	VPSUBW     Y3, Y13, Y3
	VPSUBW     Y4, Y13, Y4
	VPMULLW    Y3, Y7, Y7
	VPMULLW    Y4, Y8, Y8
	VPADDW     Y12, Y5, Y5
	VPADDW     Y12, Y6, Y6
	VPADDW     Y7, Y5, Y5
	VPADDW     Y8, Y6, Y6
	VPSRLW     $8, Y5, Y7
	VPSRLW     $8, Y6, Y8
	VPADDW     Y7, Y5, Y5
	VPADDW     Y8, Y6, Y6
	VPSRLW     $8, Y5, Y5
	VPSRLW     $8, Y6, Y6
	VPACKUSWB  Y6, Y5, Y5
	VMOVDQU    Y5, (DI)
	ADDQ       $32, SI
	ADDQ       $32, DI
	SUBQ       $32, CX
	JNE        loop
	VZEROUPPER
	RET
