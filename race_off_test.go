//go:build !race

package eiengine_test

const raceEnabled = false
