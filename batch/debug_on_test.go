//go:build race || eidebug

package batch_test

const debugging = true
