// Package learn holds what the training programs of the models share: the
// optimiser, the course of the learning rate, a trainer of classifiers and what
// counts their answers.
package learn
