// Package gmm is a mixture of Gaussian distributions with full covariances: it
// learns what is usual and says how far something is from it.
//
// [Fit] learns by expectation and maximisation (Dempster, Laird and Rubin 1977;
// Bishop, "Pattern Recognition and Machine Learning", 2006, section 9.2.2).
// [Mixture.Score] is a distance:
//
//	score(x) = √(2 log p(top) - 2 log p(x))
//
// with log p(top) the height of the highest component at its mean. Of a single
// component it is the distance of Mahalanobis, in standard deviations; with
// several, that from the whole mixture. Mixtures are stored by
// [Mixture.AppendTo] and read by [Parse].
package gmm
