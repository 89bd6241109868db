//go:build !race && !eidebug

package convert_test

const debugging = false
