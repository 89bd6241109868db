// Package pcmtest measures what a change of sample rate does to sound: a [Train] of
// tones says what passes, what is added to it and how late it comes, a [Sweep] what
// comes back as another tone. It judges samples, whoever made them: kernels in tests,
// whole programs in benchmarks.
package pcmtest
