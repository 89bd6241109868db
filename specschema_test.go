package eiengine_test

import (
	"encoding/json"
	"testing"

	"github.com/eiengine/eiengine"
)

// TestFileSchema finds an element and a property where a validator looks.
func TestFileSchema(t *testing.T) {
	text, err := eiengine.FileSchema(testRegistry())
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Defs struct {
			Element struct {
				OneOf []struct {
					Enum       []string
					Properties map[string]struct {
						Properties map[string]struct {
							Description string
							Default     any
							AnyOf       []struct{ Enum []string }
						}
					}
				}
			}
		} `json:"$defs"`
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	kinds := schema.Defs.Element.OneOf
	if len(kinds) != 2 || len(kinds[0].Enum) != len(testRegistry().All()) || len(kinds[1].Properties) != len(kinds[0].Enum) {
		t.Fatalf("elements %+v", kinds)
	}
	props := kinds[1].Properties["buffer"].Properties
	if most := props["max"]; most.Default != 5.0 || most.Description != "Frames (-2147483648 to 2147483647)" {
		t.Errorf("max is %+v", most)
	}
	if leak := props["leak"]; len(leak.AnyOf) != 2 || len(leak.AnyOf[0].Enum) != 3 {
		t.Errorf("leak is %+v", leak)
	}
}
