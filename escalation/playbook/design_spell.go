package playbook

import "strings"

// spell writes a text so that Markdown shows it as it is.
func spell(text string) string {
	return strings.NewReplacer("\\", "\\\\", "`", "\\`", "*", "\\*", "|", "\\|", "<", "\\<", "[", "\\[", "]", "\\]").Replace(text)
}
