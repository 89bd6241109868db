package infer

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/eim"
)

// setting is one value of one block of a model.
type setting struct {
	id    int
	key   string
	value float64
}

type settingKey struct {
	id  int
	key string
}

var settingPattern = regexp.MustCompile(`^\s*(\d{1,9})\.([A-Za-z0-9_-]+)=(\S+)\s*$`)

// parseThresholds reads entries of the form id.key=value; an entry may hold
// several, separated by commas. Of several values for one key the last counts.
func parseThresholds(entries []string) ([]setting, error) {
	var all []setting
	for _, entry := range entries {
		if strings.TrimSpace(entry) == "" {
			continue
		}
		for part := range strings.SplitSeq(entry, ",") {
			s, err := parseThreshold(part)
			if err != nil {
				return nil, err
			}
			at := slices.IndexFunc(all, func(o setting) bool { return o.id == s.id && o.key == s.key })
			if at >= 0 {
				all[at] = s
				continue
			}
			all = append(all, s)
		}
	}
	return all, nil
}

func parseThreshold(text string) (setting, error) {
	m := settingPattern.FindStringSubmatch(text)
	if m == nil {
		return setting{}, fmt.Errorf("threshold %q is not of the form id.key=value, such as 3.min_score=0.6", strings.TrimSpace(text))
	}
	id, err := strconv.Atoi(m[1])
	if err != nil {
		return setting{}, fmt.Errorf("threshold %q: block %s: %w", text, m[1], err)
	}
	v, err := strconv.ParseFloat(m[3], 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return setting{}, fmt.Errorf("threshold %q: %q is not a number, such as 0.6", strings.TrimSpace(text), m[3])
	}
	return setting{id, m[2], v}, nil
}

// formatThresholds is the reverse of parseThresholds, in one entry.
func formatThresholds(all []setting) string {
	parts := make([]string, 0, len(all))
	for _, s := range all {
		parts = append(parts, fmt.Sprintf("%d.%s=%s", s.id, s.key, formatValue(s.value)))
	}
	return strings.Join(parts, ",")
}

// formatValue is short: models hold float32, so 0.55 comes as 0.550000011920929.
func formatValue(v float64) string {
	if v == float64(float32(v)) {
		return strconv.FormatFloat(v, 'g', -1, 32)
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// settingsOf are the values of all blocks of a model, with those of over instead
// of its own.
func settingsOf(info *backend.Info, over []setting) []setting {
	var all []setting
	for _, t := range info.Thresholds {
		for _, key := range slices.Sorted(maps.Keys(t.Values)) {
			s := setting{t.ID, key, t.Values[key]}
			for _, o := range over {
				if o.id == s.id && o.key == s.key {
					s.value = o.value
				}
			}
			all = append(all, s)
		}
	}
	return all
}

// checkThresholds separates the settings that the model has from the others.
func checkThresholds(path string, info *backend.Info, all []setting) (good []setting, problems []string) {
	for _, s := range all {
		i := slices.IndexFunc(info.Thresholds, func(t backend.Threshold) bool { return t.ID == s.id })
		if i < 0 {
			problems = append(problems, fmt.Sprintf("threshold %s ignored: model %s has no block %d; %s",
				formatThresholds([]setting{s}), path, s.id, knownBlocks(info)))
			continue
		}
		if _, ok := info.Thresholds[i].Values[s.key]; !ok {
			problems = append(problems, fmt.Sprintf("threshold %s ignored: block %d of model %s has no %s; %s",
				formatThresholds([]setting{s}), s.id, path, s.key, knownBlocks(info)))
			continue
		}
		good = append(good, s)
	}
	return good, problems
}

func knownBlocks(info *backend.Info) string {
	known := formatThresholds(settingsOf(info, nil))
	if known == "" {
		return "it has no thresholds"
	}
	return "it has " + known
}

// thresholdState is what a model is set to now.
type thresholdState struct {
	own     map[settingKey]float64 // what the model came with
	now     map[settingKey]float64
	applied *[]setting // what apply was called with last
}

func (t *thresholdState) begin(info *backend.Info) {
	t.own = map[settingKey]float64{}
	for _, s := range settingsOf(info, nil) {
		t.own[settingKey{s.id, s.key}] = s.value
	}
	t.now = maps.Clone(t.own)
}

// apply sets the model to want, everything else to what it came with. A value
// that the model refuses is told once.
func (t *thresholdState) apply(ctx context.Context, m backend.Model, want *[]setting) error {
	if sameSettings(t.applied, want) {
		return nil
	}
	target := maps.Clone(t.own)
	if want != nil {
		for _, s := range *want {
			target[settingKey{s.id, s.key}] = s.value
		}
	}
	var problems []error
	for _, k := range slices.SortedFunc(maps.Keys(target), compareKeys) {
		if t.now[k] == target[k] {
			continue
		}
		err := m.SetThreshold(ctx, k.id, map[string]float64{k.key: target[k]})
		if errors.Is(err, eim.ErrLost) || ctx.Err() != nil {
			t.applied = nil // again with the next frame
			return fmt.Errorf("thresholds wait for the model: %w", err)
		}
		if err != nil {
			problems = append(problems, err)
			continue
		}
		t.now[k] = target[k]
	}
	t.applied = want
	return errors.Join(problems...)
}

// sameSettings reports whether two elements want the same.
func sameSettings(a, b *[]setting) bool {
	return a == b || a != nil && b != nil && slices.Equal(*a, *b)
}

func compareKeys(a, b settingKey) int {
	if a.id != b.id {
		return a.id - b.id
	}
	return strings.Compare(a.key, b.key)
}
