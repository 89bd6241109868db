//go:build !noasm

#include "textflag.h"

// Eight samples under the four filters of a group: SI samples, BX taps, CX how many
// times eight, DI where the four sums go. Each sum has two registers, so that an
// addition need not wait for the one before.

#define ARGUMENTS \
	MOVQ   dst+0(FP), DI   \
	MOVQ   src+8(FP), SI   \
	MOVQ   taps+16(FP), BX \
	MOVQ   n+24(FP), CX    \
	VXORPS Y0, Y0, Y0      \
	VXORPS Y1, Y1, Y1      \
	VXORPS Y2, Y2, Y2      \
	VXORPS Y3, Y3, Y3      \
	VXORPS Y4, Y4, Y4      \
	VXORPS Y5, Y5, Y5      \
	VXORPS Y6, Y6, Y6      \
	VXORPS Y7, Y7, Y7

// func dot4F32AVX2(dst *[4]float32, src, taps *float32, n int)
TEXT ·dot4F32Kernel(SB), NOSPLIT, $0-32
	ARGUMENTS
	SUBQ $2, CX
	JLT  last

loop:
	VMOVUPS     (SI), Y8
	VMOVUPS     32(SI), Y9
	VFMADD231PS (BX), Y8, Y0
	VFMADD231PS 32(BX), Y8, Y1
	VFMADD231PS 64(BX), Y8, Y2
	VFMADD231PS 96(BX), Y8, Y3
	VFMADD231PS 128(BX), Y9, Y4
	VFMADD231PS 160(BX), Y9, Y5
	VFMADD231PS 192(BX), Y9, Y6
	VFMADD231PS 224(BX), Y9, Y7
	ADDQ        $64, SI
	ADDQ        $256, BX
	SUBQ        $2, CX
	JGE         loop

last:
	ADDQ        $1, CX
	JNE         done
	VMOVUPS     (SI), Y8
	VFMADD231PS (BX), Y8, Y0
	VFMADD231PS 32(BX), Y8, Y1
	VFMADD231PS 64(BX), Y8, Y2
	VFMADD231PS 96(BX), Y8, Y3

done:
	VADDPS       Y4, Y0, Y0
	VADDPS       Y5, Y1, Y1
	VADDPS       Y6, Y2, Y2
	VADDPS       Y7, Y3, Y3
	VHADDPS      Y1, Y0, Y0
	VHADDPS      Y3, Y2, Y2
	VHADDPS      Y2, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VADDPS       X1, X0, X0
	VMOVUPS      X0, (DI)
	VZEROUPPER
	RET

// func dot4F64AVX2(dst *[4]float64, src, taps *float64, n int)
TEXT ·dot4F64Kernel(SB), NOSPLIT, $0-32
	ARGUMENTS

loop:
	VMOVUPD     (SI), Y8
	VMOVUPD     32(SI), Y9
	VFMADD231PD (BX), Y8, Y0
	VFMADD231PD 64(BX), Y8, Y1
	VFMADD231PD 128(BX), Y8, Y2
	VFMADD231PD 192(BX), Y8, Y3
	VFMADD231PD 32(BX), Y9, Y4
	VFMADD231PD 96(BX), Y9, Y5
	VFMADD231PD 160(BX), Y9, Y6
	VFMADD231PD 224(BX), Y9, Y7
	ADDQ        $64, SI
	ADDQ        $256, BX
	SUBQ        $1, CX
	JNE         loop

	VADDPD     Y4, Y0, Y0
	VADDPD     Y5, Y1, Y1
	VADDPD     Y6, Y2, Y2
	VADDPD     Y7, Y3, Y3
	VHADDPD    Y1, Y0, Y0        // a01 b01 a23 b23
	VHADDPD    Y3, Y2, Y2        // c01 d01 c23 d23
	VPERM2F128 $0x20, Y2, Y0, Y1 // a01 b01 c01 d01
	VPERM2F128 $0x31, Y2, Y0, Y0 // a23 b23 c23 d23
	VADDPD     Y1, Y0, Y0
	VMOVUPD    Y0, (DI)
	VZEROUPPER
	RET
