package pixel

//go:generate go run ./internal/kernels

// The functions that do one row. A file for a processor may replace them in its
// init, after asking the processor what it can do; the build tag noasm keeps the
// reference.
var (
	yuvToRGBRow    = yuvToRGBReference
	rgbToLumaRow   = rgbToLumaReference
	rgbToChromaRow = rgbToChromaReference
	rgbToYUVRows   = rgbToYUVReference
	rgbToRGBRow    = rgbToRGBReference
	grayToRGBRow   = grayToRGBReference
	levelsRow      = levelsReference
	copyRow        = copyReference
	yuvToLumaRow   = yuvToLumaReference
	mapPairsRow    = mapPairsReference
	shuffleRow     = shuffleReference
	splitRow       = splitReference
	mergeRow       = mergeReference
	unpackRows     = unpackReference
	packRGBRow     = packRGBReference
	packGrayRow    = packGrayReference
	nearestRow     = nearestReference
	sumRows        = sumRowsReference
	weighRow       = weighReference
	pickRow        = pickReference
	mixPicks       = mixPicksReference
	mixLine        = mixLineReference
	apartRow       = apartReference
	floatRow       = floatReference
	byteRow        = byteReference
	blendRow       = blendReference
	coverRow       = coverReference
	overOpaqueRow  = overOpaqueReference
)

// layTaps brings the taps of a horizontal axis into the order that weighRow wants.
var layTaps = func(*axis) {}

// layPicks and layLines bring the picks of a row into windows for pickRow and mixLine,
// if those want them.
var (
	layPicks = func(*picks) {}
	layLines = func(*rowMap) {}
)
