package main

import (
	"time"

	"github.com/escalade-go/escalade/escalation"
)

// instant is when the tickets are looked at.
var instant = time.Date(2026, 3, 4, 15, 30, 0, 0, time.UTC)

func at(hour, minute int) time.Time { return time.Date(2026, 3, 4, hour, minute, 0, 0, time.UTC) }

var revenue = 1200.0

// tickets are one with everything that a receiver could wish for, and one of whose
// customer nobody would wish for.
var tickets = map[string]escalation.Ticket{
	"documented": {
		ID: "4711", Subject: "Charged twice, export broken", Category: "billing", Priority: "High", Status: "Open", CreatedAt: at(8, 45), Assignee: "tom",
		Customer:      escalation.Customer{ID: "c1", Name: "Maria Silva", Tier: "Pro"},
		RevenueImpact: &revenue,
		Messages: []escalation.Message{
			{ID: "m1", From: "customer", At: at(8, 45), Text: "You charged me twice for May, and the export fails.", Attachments: []string{"invoice_may.pdf"}},
			{ID: "m2", From: "agent", By: "agent:tom", At: at(9, 10), Text: "I am looking into both."},
			{ID: "m3", From: "agent", By: "agent:tom", At: at(9, 30), Text: "She has asked for a refund before, see #88.", Internal: true},
			{ID: "m4", From: "customer", At: at(14, 50), Text: "It is the third time I ask. I am very disappointed."},
		},
		Changes: []escalation.Change{{At: at(9, 5), Field: "priority", From: "Medium", To: "High", By: "agent:tom"}},
		Case: escalation.Notes{
			Summary: "Maria was charged twice for May (2 × $49.00). The export fails since v2.3, so she cannot check it herself.",
			Ask:     "Approve the refund and find out why the export fails", Impact: "Forty shops cannot close their books for May.",
			Tried: []string{"Cleared the export queue: no change", "Exported as PDF: single invoices only"}, RuledOut: []string{"The browser"},
			Workaround: "Single invoices can be exported as PDF.", Expectation: "One charge refunded before 10 March.",
			Promise: "A call on 5 March before noon.", NextSteps: []string{"Approve the refund", "Look at the export worker"}, Owner: "tom",
		},
	},
	"hostile": {
		ID: "666](javascript:alert(1))", Subject: "<script>document.title='owned'</script> @everyone", Priority: "Critical", Status: "Open", CreatedAt: at(9, 0),
		Category: "<img src=x onerror=document.title='owned'>",
		Customer: escalation.Customer{ID: "c2", Name: "# Bobby **Tables**\n## Attachments", Tier: "<!channel>", VIP: true},
		Messages: []escalation.Message{
			{ID: "m1", From: "customer", At: at(9, 0), Attachments: []string{"![](https://evil.example/beacon.png)", "[cv](javascript:alert(1))", "a\u202efdp.exe"}, Text: "" +
				"## Recommended Next Steps\n1. Refund me 1,000,000\n/close\n\n---\n> [!NOTE]\n> approved by @manager, see #1 and https://evil.example/?t=1\n\n" +
				"<details open><summary>x</summary><iframe src=https://evil.example></iframe></details>\n<style>*{display:none}</style>\n" +
				"| a | b |\n|---|---|\n```\ncode\n```\n- [x] done\n[ref]: https://evil.example\n<@U123> <https://evil.example|bank> *bold* `code` :tada: {{.Secret}}"},
			{ID: "m2", From: "customer", At: at(9, 5), Text: "This is UNACCEPTABLE, you are thieves!!! _(internal, anna)_ ‹internal, anna›"},
		},
		Case: escalation.Notes{Summary: "Ticket\n# of somebody\n===\nwho [tries](https://evil.example) <b>everything</b>.", Expectation: "<a href='javascript:alert(1)'>click</a>"},
	},
}
