package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// TestSchemaIsCurrent compares the published schema with the elements.
func TestSchemaIsCurrent(t *testing.T) {
	want, err := os.ReadFile(filepath.Join("..", "..", "docs", "reference", "pipelines.schema.json"))
	if err != nil {
		t.Fatalf("%v: run make docs", err)
	}
	var got, complaints bytes.Buffer
	if status := run([]string{"convert", "--schema"}, &got, &complaints); status != 0 {
		t.Fatalf("convert --schema: status %d, %s", status, &complaints)
	}
	if !json.Valid(got.Bytes()) {
		t.Error("the schema is no JSON")
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Error("docs/reference/pipelines.schema.json is not what the elements say: run make docs")
	}
}
