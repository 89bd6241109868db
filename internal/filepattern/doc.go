// Package filepattern reads the names of numbered files as multifilesrc and
// multifilesink have them: a location with at most one number format of C's
// printf, such as "frame-%05d.png".
package filepattern
