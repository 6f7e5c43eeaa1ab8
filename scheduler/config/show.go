package config

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// width is how many columns List takes: what a terminal has, and a line in a mail.
const width = 100

// List writes the settings for a terminal: a heading for each group, a line for each setting, its meaning under it.
func List(w io.Writer) error {
	var page strings.Builder
	byGroup(func(group string) {
		if page.Len() > 0 {
			page.WriteString("\n")
		}
		page.WriteString(strings.ToUpper(group) + "\n")
	}, func(entry Entry) {
		line := entry.Name
		if entry.Default != "" {
			line += "=" + entry.Default
		}
		line += "  (" + entry.Kind
		if entry.Values != "" {
			line += ": " + entry.Values
		}
		page.WriteString("\n  " + line + ")\n")
		for _, text := range wrap(entry.Help, width-6) {
			page.WriteString("      " + text + "\n")
		}
	})
	_, err := io.WriteString(w, page.String())
	return err
}

// Markdown writes the page docs/reference/settings.md.
func Markdown(w io.Writer) error {
	var page strings.Builder
	page.WriteString("# Settings\n\nThe scheduler reads these variables from its environment; nothing else configures it. " +
		"A variable that is set to nothing counts as not set, but for `NODE_PLACEMENT` and `SDK_UNINSTALL`. " +
		"This page is made from the code by `make generate`; `cockroachdb-scheduler settings` shows the same in a terminal.\n")
	byGroup(func(group string) {
		fmt.Fprintf(&page, "\n## %s\n\n| variable | kind | default | values | meaning |\n|---|---|---|---|---|\n", group)
	}, func(entry Entry) {
		fmt.Fprintf(&page, "| `%s` | %s | %s | %s | %s |\n", entry.Name, entry.Kind, code(entry.Default), entry.Values, cell(entry.Help))
	})
	_, err := io.WriteString(w, page.String())
	return err
}

// JSON writes the settings as a list of Entry, for programs.
func JSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(Table())
}

// byGroup visits every setting, and each group before its first one.
func byGroup(heading func(group string), each func(Entry)) {
	group := ""
	for _, entry := range Table() {
		if entry.Group != group {
			group = entry.Group
			heading(group)
		}
		each(entry)
	}
}

// wrap breaks a text between words into lines of at most so many characters. A longer word gets a line of its own.
func wrap(text string, most int) []string {
	var lines []string
	line, length := "", 0
	for _, word := range strings.Fields(text) {
		size := len([]rune(word))
		if line != "" && length+1+size > most {
			lines = append(lines, line)
			line, length = "", 0
		}
		if line != "" {
			line, length = line+" ", length+1
		}
		line, length = line+word, length+size
	}
	return append(lines, line)
}

// cell escapes what would end a cell of a table or make it HTML.
func cell(text string) string {
	return strings.NewReplacer("|", "\\|", "<", "&lt;", ">", "&gt;").Replace(text)
}

func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + text + "`"
}
