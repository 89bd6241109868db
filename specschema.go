package eiengine

import (
	"fmt"
	"strings"
)

// FileSchema is a JSON Schema of files of pipelines, with the elements of a
// registry and their properties. Editors complete and check files with it. It
// accepts what [ParseFile] and [File.Build] do, but for names that do not exist;
// ranges and enumerations are told and not enforced, since values may be
// variables.
func FileSchema(r *Registry) ([]byte, error) {
	elements, kinds := blockNode(fileMap), listNode()
	for _, f := range r.All() {
		props, err := f.Properties()
		if err != nil {
			return nil, fmt.Errorf("element %s: %w", f.Name, err)
		}
		kinds.list = append(kinds.list, scalarNode(f.Name))
		elements.add(f.Name, elementSchema(f, props))
	}
	element := blockNode(fileMap)
	element.add("oneOf", blockNode(fileList,
		mapNode("description", "The kind of an element without properties", "enum", kinds),
		blockMap("type", "object", "minProperties", "1", "maxProperties", "1", "additionalProperties", "false", "properties", elements)))

	chain := mapNode("type", "array", "items", mapNode("$ref", "#/$defs/element"))
	end := mapNode("description", "The name of an element, or element.pad", "type", "string")
	link := blockMap("description", "A chain: from an element or pad, through new elements, to an element or pad", "type", "object", "additionalProperties", "false",
		"properties", blockMap("from", end, "elements", chain, "to", end))
	pipeline := blockMap("type", "object", "additionalProperties", "false",
		"properties", blockMap(
			"launch", mapNode("description", "The pipeline as a launch line", "type", "string"),
			"elements", mapNode("description", "The main chain: elements, each linked to the next", "$ref", "#/$defs/chain"),
			"links", mapNode("description", "Further chains", "type", "array", "items", mapNode("$ref", "#/$defs/link"))),
		"oneOf", blockNode(fileList, mapNode("required", listNode("launch")),
			mapNode("anyOf", listNode(mapNode("required", listNode("elements")), mapNode("required", listNode("links"))))))
	root := blockMap("$schema", "https://json-schema.org/draft/2020-12/schema",
		"title", "Pipelines of eiengine", "type", "object", "additionalProperties", "false", "required", listNode("pipelines"),
		"properties", blockMap("pipelines", mapNode("type", "object", "minProperties", "1", "additionalProperties", mapNode("$ref", "#/$defs/pipeline"))),
		"$defs", blockMap("pipeline", pipeline, "chain", chain, "link", link, "element", element))
	return append(root.appendJSON(nil, 0), '\n'), nil
}

// elementSchema describes what may stand behind the kind of an element.
func elementSchema(f *Factory, props []Property) *fileNode {
	names := blockMap("name", mapNode("description", "The name of the element", "type", textTypes()))
	for _, p := range props {
		if !p.ReadOnly && p.Name != "name" {
			names.add(p.Name, propertySchema(p))
		}
	}
	return blockMap("description", f.Description, "type", listNode("object", "array", "null"), "additionalProperties", "false",
		"patternProperties", mapNode("::", mapNode("description", "A property of a pad, pad::property")), "properties", names)
}

func textTypes() *fileNode { return listNode("string", "number", "boolean") }

func propertySchema(p Property) *fileNode {
	text := p.Doc
	if p.Min != "" {
		text = fmt.Sprintf("%s (%s to %s)", text, p.Min, p.Max)
	}
	n := mapNode("description", strings.TrimSpace(text))
	switch {
	case p.Repeat:
		n.add("type", listNode("string", "number", "boolean", "array"))
	case p.Type == "enum":
		nicks := listNode()
		for _, v := range p.Enum {
			nicks.list = append(nicks.list, scalarNode(v.Nick))
		}
		n.add("anyOf", listNode(mapNode("enum", nicks), mapNode("type", listNode("string", "integer"))))
	case p.Type == "bool":
		n.add("type", listNode("boolean", "string", "integer"))
	case p.Min != "" && p.Type != "double":
		n.add("type", listNode("integer", "string"))
	case p.Min != "":
		n.add("type", listNode("number", "string"))
	default:
		n.add("type", textTypes())
	}
	if p.Default != "" && !p.Repeat {
		n.add("default", scalarNode(p.Default))
	}
	return n
}

// mapNode makes a mapping of names and their values, texts or nodes.
func mapNode(pairs ...any) *fileNode {
	n := &fileNode{kind: fileMap}
	for i := 0; i+1 < len(pairs); i += 2 {
		n.add(fmt.Sprint(pairs[i]), anyNode(pairs[i+1]))
	}
	return n
}

func blockMap(pairs ...any) *fileNode {
	n := mapNode(pairs...)
	n.block = true
	return n
}

func listNode(items ...any) *fileNode {
	n := &fileNode{kind: fileList}
	for _, item := range items {
		n.list = append(n.list, anyNode(item))
	}
	return n
}

func anyNode(v any) *fileNode {
	if n, ok := v.(*fileNode); ok {
		return n
	}
	return scalarNode(fmt.Sprint(v))
}
