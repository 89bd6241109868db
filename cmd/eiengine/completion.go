package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/eiengine/eiengine"
)

// completeLaunch offers what may come next in a launch line: an element at the
// beginning and behind a link, then its properties, then their values.
func completeLaunch(_ *cobra.Command, words []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
	chain := words[lastLink(words)+1:]
	property, value, assigns := strings.Cut(word, "=")
	switch f := elementOf(chain); {
	case len(chain) == 0:
		names := append(elementNames(len(words) > 0), references(words)...)
		if len(words) > 0 {
			names = append(names, mediaNames()...)
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	case f == nil:
		return []cobra.Completion{"!"}, cobra.ShellCompDirectiveNoFileComp
	case assigns:
		return values(f, property, value)
	default:
		return propertyNames(f, chain), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
}

func completeInspect(_ *cobra.Command, words []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(words) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []cobra.Completion
	for _, f := range eiengine.DefaultRegistry().All() {
		names = append(names, cobra.CompletionWithDesc(f.Name, f.LongName))
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// lastLink is the place of the last "!", -1 if there is none.
func lastLink(words []string) int {
	for i := len(words) - 1; i >= 0; i-- {
		if words[i] == "!" {
			return i
		}
	}
	return -1
}

// elementOf is the element that the words behind a link are about, nil if that
// is a reference, caps, or none that is known.
func elementOf(chain []string) *eiengine.Factory {
	for _, word := range slices.Backward(chain) {
		if strings.Contains(word, "=") && !strings.Contains(word, "/") {
			continue // a property
		}
		if f, err := eiengine.DefaultRegistry().Find(word); err == nil {
			return f
		}
		if _, _, property := strings.Cut(word, "="); !property {
			return nil
		}
	}
	return nil
}

// elementNames are those that may stand behind a link, or at the beginning.
func elementNames(linked bool) []cobra.Completion {
	var names []cobra.Completion
	for _, f := range eiengine.DefaultRegistry().All() {
		takes := slices.ContainsFunc(f.Pads, func(t eiengine.PadTemplate) bool { return t.Direction == eiengine.Sink })
		if takes == linked {
			names = append(names, cobra.CompletionWithDesc(f.Name, f.LongName))
		}
	}
	return names
}

// mediaNames are the media types of the formats that elements give and take, which
// may stand between two links.
func mediaNames() []cobra.Completion {
	var names []cobra.Completion
	for _, f := range eiengine.DefaultRegistry().All() {
		for _, t := range f.Pads {
			for _, s := range t.Caps.Structures() {
				if !slices.Contains(names, s.Media) {
					names = append(names, s.Media)
				}
			}
		}
	}
	slices.Sort(names)
	return names
}

// references are the elements that were given names.
func references(words []string) []cobra.Completion {
	var refs []cobra.Completion
	for _, word := range words {
		if name, ok := strings.CutPrefix(word, "name="); ok {
			refs = append(refs, name+".")
		}
	}
	return refs
}

// propertyNames are the properties that can still be set, and the next link.
func propertyNames(f *eiengine.Factory, chain []string) []cobra.Completion {
	set := map[string]bool{}
	for _, word := range chain {
		if name, _, ok := strings.Cut(word, "="); ok {
			set[name] = true
		}
	}
	names := []cobra.Completion{"!"}
	if !set["name"] {
		names = append(names, cobra.CompletionWithDesc("name=", "The name of the element"))
	}
	for _, p := range propertiesOf(f) {
		if !p.ReadOnly && (p.Repeat || !set[p.Name]) {
			names = append(names, cobra.CompletionWithDesc(p.Name+"=", p.Doc))
		}
	}
	return names
}

// propertiesOf lists them; a wrong declaration offers none.
func propertiesOf(f *eiengine.Factory) []eiengine.Property {
	props, err := f.Properties()
	if err != nil {
		return nil
	}
	return props
}

// values are those of a property of a few; files for what is likely to be a path.
func values(f *eiengine.Factory, property, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	props := propertiesOf(f)
	i := slices.IndexFunc(props, func(p eiengine.Property) bool { return p.Name == property })
	if i < 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var all []cobra.Completion
	switch p := props[i]; {
	case p.Type == "enum":
		for _, v := range p.Enum {
			all = append(all, cobra.CompletionWithDesc(p.Name+"="+v.Nick, v.Name))
		}
	case p.Type == "bool":
		all = []cobra.Completion{p.Name + "=true", p.Name + "=false"}
	case p.Name == "location" || strings.HasSuffix(p.Name, "-path"):
		return nil, cobra.ShellCompDirectiveDefault
	case begun == "" && p.Default != "" && p.Type != "string":
		all = []cobra.Completion{cobra.CompletionWithDesc(p.Name+"="+p.Default, "the default")}
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

// trimEquals is added to the script for bash, which replaces only what is behind
// the last "=" of a word but is offered whole words.
const trimEquals = `
__eiengine_trim_equals() {
    __start_eiengine "$@"
    local word=${COMP_LINE:0:COMP_POINT} i
    word=${word##* }
    if [[ $word == *=* && $COMP_WORDBREAKS == *=* ]]; then
        for i in "${!COMPREPLY[@]}"; do
            COMPREPLY[i]=${COMPREPLY[i]#"${word%"${word##*=}"}"}
        done
    fi
}
complete -o default -o nospace -F __eiengine_trim_equals eiengine
`

func completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: "Print the script that completes command lines in a shell",
		Long: `completion prints a script for a shell. With it the Tab key completes commands
and options, and in launch lines elements, their properties, and the values of
those that have only a few. bash needs its package bash-completion.`,
		Example: `  eiengine completion bash > ~/.local/share/bash-completion/completions/eiengine
  eiengine completion zsh > "${fpath[1]}/_eiengine"
  eiengine completion fish > ~/.config/fish/completions/eiengine.fish`,
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("completion takes the name of one shell: bash, zsh, fish or powershell")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			out := &errWriter{w: c.OutOrStdout()}
			var err error
			switch args[0] {
			case "bash":
				if err = c.Root().GenBashCompletionV2(out, true); err == nil {
					fmt.Fprint(out, trimEquals)
				}
			case "zsh":
				err = c.Root().GenZshCompletion(out)
			case "fish":
				err = c.Root().GenFishCompletion(out, true)
			case "powershell":
				err = c.Root().GenPowerShellCompletionWithDesc(out)
			default:
				return fmt.Errorf("no completion for the shell %q: there is one for bash, zsh, fish and powershell", args[0])
			}
			if err == nil {
				err = out.err
			}
			return err
		},
	}
}
