// Package eimcheck examines a .eim file: whether it keeps to the protocol that
// runners of such files rely on, and how fast it answers.
//
//	report := eimcheck.Run(ctx, "./detector.eim", eimcheck.Options{})
//	for _, f := range report.Findings { fmt.Println(f.Status, f.Check, f.Detail) }
//
// It speaks the protocol by hand, with nothing of infer/eim, starts the model
// three times as an ordinary process of the user (not confined), and leaves
// nothing behind. Some checks are about the newest protocol only: a model that
// is older gets a warning there, not a failure.
package eimcheck
