// Package texture describes what the surface in each part of a picture looks
// like, so that parts that look unlike the rest can be found.
//
// The bank of filters is fixed: the eight 3x3 filters of the discrete cosine
// transform without its mean, which Unser ("Local linear transforms for texture
// measurements", Signal Processing 11, 1986) showed to tell textures apart by the
// energies of their responses. They are applied to the brightness at three
// scales, each half as fine as the one before.
//
// Light is taken out first: each colour is divided by the plane that fits it
// best, so a picture that is darker, yellower or lit from a side gives the same
// features.
//
// The picture is parted into cells of [Cell] pixels. The features of a cell are
// the logarithms of the energies of all filters and the means of the three
// colours, over the square of twice its size round it, with the darkest and the
// brightest spot of that; and once more, those of the coarsest scale and the
// colours over the square of four times its size, which hold still where the
// pattern is large.
package texture
