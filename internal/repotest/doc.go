// Package repotest holds the rules of this repository as tests: who may import
// whom, that every package explains itself, how long files may grow, that links
// in documents lead somewhere, that every element has a test of its own.
//
// A rule that fails says what to do. There is nothing here to import.
package repotest
