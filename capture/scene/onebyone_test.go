package scene

import "testing"

func TestShapesComeOneByOne(t *testing.T) {
	counts := map[string]int{}
	for seed := range uint64(40) {
		s := New(seed, 320, 240, Options{OneByOne: true, Count: 5})
		for turn := range 10 {
			n := turn*TurnFrames + 7
			truth, label := s.Truth(n), s.Label(n)
			counts[label]++
			if s.Label(n+TurnFrames-8) != label {
				t.Fatalf("seed %d: the shape changes within turn %d", seed, turn)
			}
			if label == None {
				if len(truth) != 0 {
					t.Fatalf("seed %d frame %d: none, but %+v", seed, n, truth)
				}
				continue
			}
			if len(truth) != 1 || truth[0].Label != label {
				t.Fatalf("seed %d frame %d: %s, but %+v", seed, n, label, truth)
			}
			if b := truth[0]; b.X < -1 || b.Y < -1 || b.X+b.W > 321 || b.Y+b.H > 241 || b.W < 50 || b.H < 50 {
				t.Fatalf("seed %d frame %d: %+v", seed, n, b)
			}
		}
		if s.Label(3) != s.Label(3+turns*TurnFrames) {
			t.Fatalf("seed %d: the turns do not come again", seed)
		}
		s.Label(-5) // before the beginning is the first turn
	}
	for _, label := range append(Labels(), None) {
		if counts[label] < 50 {
			t.Errorf("only %d of 400 turns show %s", counts[label], label)
		}
	}
}
