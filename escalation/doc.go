// Package escalation decides what is to be done about support tickets: escalate,
// notify, raise the priority, assign, note; with the reasons, the state of the
// SLA clocks, the next instant at which it must be asked again, and the handoff
// document for whoever takes over.
//
// It does no I/O and knows no time of day. A host (a helpdesk, a bot, a batch
// job) keeps the tickets, asks, and carries out what comes back.
//
// # Nouns
//
// A [Policy] is data: tiers, priorities with their SLA targets, statuses, rules.
// [Standard] is a complete one to start from, [ReadPolicy] and [FormatPolicy]
// read and write its file form. An [Engine] is a policy that was checked and
// compiled. A [Ticket] is what the host knows of one case, and as much of its
// history as it has kept. A [Decision] is the answer, made of [Action] values,
// a [Reason] for each, and [Problem] values for what was wrong with the ticket. A
// [Ledger] is what the engine wants to be told again at the next call; the host
// stores it with the ticket.
//
// # Verbs
//
//	engine := escalation.MustCompile(escalation.Standard(), nil)
//	decision, err := engine.Decide(ticket, now)
//
// [Compile] tells all mistakes of a policy at once. [Engine.Verify] tells what
// compiles and is probably not meant, [Engine.Vocabulary] what rules can say.
// [Engine.Decide] judges a ticket, [Engine.Escalate] does so with a person asking for an
// escalation, and [Engine.Explain] tells of every rule why it fires or does not.
// [Engine.Handoff] gives the document of a ticket's last escalation.
// [Decision.Apply] does to a ticket in memory what a host would do.
//
// # A host's loop
//
// For each ticket that has changed, or whose next check has come:
//
//  1. lock the ticket's row, read the ticket with its ledger;
//  2. decision, err := engine.Decide(ticket, now);
//  3. insert the actions into a table with a unique index on the key, skipping
//     those that are there already;
//  4. store decision.Ledger and decision.NextCheck (null if zero) in the ticket's
//     row; commit;
//  5. carry out the new actions, a notify or alert not before its DeliverAt; record
//     each change that one makes with the action's key, dated at its Due and not at
//     the time of day. A field that somebody has changed after that instant keeps its
//     value.
//
// A zero NextCheck means that nothing will happen until the ticket changes. Asking
// too early, too late or twice does no harm: see below.
//
// A new policy is a new Engine, and voids the next checks that another one has found
// (Decision.Policy, stored with them, tells which): ask once about each open ticket.
// What no longer exists in it (a tier, a rule, a status) is dropped or a [Problem].
//
// The text of messages that were judged before may be left out of a ticket that only
// wakes up: the ledger remembers their moods and keywords. (The handoff document can
// quote only what is there.) A ticket that has not changed evaluates no rule before its
// next check, so a host may ask as often as it likes.
//
// # Taking over old tickets
//
// Without more, the first decision on a ticket tells everything that was ever due on
// it. A helpdesk that adopts the engine today sets Policy.From: what holds on an old
// ticket at that instant is listed in Decision.Backlog and not proposed; what comes next
// is, whenever the ticket is first asked about. Before From nothing is proposed.
//
// A rule that is new to a ticket's ledger is judged first at the call that brings it and
// is due then. One that was renamed says what it was: Rule.Was.
//
// # When time counts, and what is promised to whom
//
// A policy names calendars, and says which one counts: for all ([Terms]), for a
// priority, for a tier. "always" is around the clock, and so is no calendar at all.
// Immediate targets count at any hour.
//
//	"calendars": {
//	  "office": {"zone": "Europe/Paris", "week": {"mon": ["09:00-12:30", "14:00-18:00"]}, "holidays": ["2026-12-25"]},
//	  "world": {"union": ["office", "tokyo"]}
//	},
//	"calendar": "office",
//	"priorities": [{"name": "Critical", "first_response": "15m", "calendar": "always"}]
//
// An [Agreement] promises some customers something else: whole rows of the matrix,
// other hours, other [sla.Choices]. It is chosen by the ticket, else by the customer,
// else by the customer's tier. A [Contract] is an agreement that comes with the ticket
// and needs no new policy.
//
// What each clock counts is told in the documentation of the sla package.
//
// # Who is disturbed when
//
// What is due is due at any hour; whom it wakes is another question. Every notify and
// alert has a DeliverAt beside its Due: the end of the quiet hours that it falls into,
// else the same instant. A recipient with a calendar waits for that instead, and "always"
// is nobody to spare.
//
//	"quiet_hours": {"zone": "Europe/Paris", "week": {"mon": ["22:00-07:00"], "sun": ["00:00-24:00"]},
//	                "holidays": ["2026-12-25"], "bypass": ["Critical"]},
//	"recipients": [{"name": "manager"}, {"name": "team lead", "calendar": "office"}]
//
// Nothing waits on a ticket of a priority that may bypass (the most urgent one, unless
// the policy says otherwise), nor on one whose tier or priority was promised an immediate
// response. What counts is what the ticket is like once all that is due at that instant
// is done. Tiers, priorities, assignees, tags, notes, queues and the host's own actions
// change the ticket, and never wait; whether an assignee gets a mail about it at night is
// for the host, which can be told with notify.
//
// [Engine.Digests] merges the notices of many decisions into one message for each
// recipient: for the morning, and for the breakdown that makes five hundred tickets late
// at once.
//
// # Handing over
//
// A decision that escalates carries a [handoff.Case] for whoever takes over: filled from
// the ticket, its history, what the agents wrote down ([Notes]), the request and the
// decision. Its document and messages are written with Policy.Templates, in
// Policy.Language for colleagues and in the ticket's language for the customer. What
// happens if nobody reacts is what the next check would propose. [Engine.Handoff] gives
// the case again at any later time, with the receipt of whoever has taken it over.
//
// # What rules can say
//
// A condition reads these facts, with the operators and functions of the rules
// package:
//
//	ticket.id .subject .category .priority .status .open .tier .assignee .tags .language
//	ticket.age .idle .waiting .contacts .revenue_impact
//	customer.id .name .tier .vip .ltv
//	sentiment  sentiment_score  intents
//	sla.first_response .next_response .resolution .tier_response,
//	    each with .used .elapsed .remaining .target .running .paused .breached
//	sla.metric  sla.used  sla.elapsed …: the rule is judged for each clock that runs
//	now .hour .weekday .day .month   hours.open
//	param.NAME  known(FACT)  contains_keywords(["lawyer", "sue"])  30m 4h 2d  {{NAME}}
//	date("2026-12-24")
//
// age, idle and waiting are wall time: since the creation, since a person last
// wrote or changed something, since the first customer message that nobody has
// answered. now is the instant at which the ticket is judged; its parts are those of the
// zone of the policy's calendar (UTC if it has none, or a union): now.hour >= 22,
// now.weekday in ["Saturday", "Sunday"], now >= date("2026-12-24"). hours.open is
// whether the calendar that counts for the ticket is open. A condition that turns with
// time alone is looked at when it does; of which comparisons that can be computed, and why
// others are refused, is told in the documentation of the rules package. Its actions are
//
//	escalate("Tier 2")  escalate_by(1)  de_escalate("Tier 1")  assign("senior agent")
//	notify("manager")   alert("team lead")  add_note("…")  flag("review")  add_tag("vip")
//	bump_priority()  set_priority("High")  lower_priority("Low")
//
// or, in the words of a lead,
//
//	escalate to Tier 2   escalate by 1   de-escalate to Tier 1   assign to senior agent
//	notify manager   alert team lead   add internal note   flag for review   add tag vip
//	add priority bump   set priority = "High"   lower priority to Low
//
// In conditions = stands for ==, AND OR NOT for and or not, {{NAME}} for param.NAME, and
// "ticket.age > 80% of SLA" for sla.resolution.used >= 0.8; "80% of first response SLA"
// and so on name the other clocks.
//
// A policy adds words of its own: Policy.Fields are read as ticket.fields.NAME,
// Policy.Actions are words for THEN that the host carries out, such as page("database"),
// and Options.Functions can be called in conditions. [Engine.Vocabulary] lists all of
// it, with types and values.
//
// # How a ticket is judged
//
// Decide walks through the ticket's life from the ledger's instant to now. It
// stops wherever something happened, and wherever time alone may have turned a
// condition: when 80 % of a target are used up, when a ticket has been idle for a
// day. At each stop all rules are looked at, in order. What a rule that fires
// changes is seen by all, until no more fire; each fires at most once per stop.
//
// A rule fires on each rise of its condition, and then rests for ten minutes. A
// rule on a clock's used, elapsed, remaining or breached fires once for each cycle
// of that clock, whatever pauses and new targets do to it; a reopened ticket
// starts anew. A rule without the name of a clock (sla.used) is judged for each
// clock that runs. A rule `per: message` fires once for each message of the
// customer. `every: 4h` repeats a rule for as long as it holds.
//
// Of competing actions the highest tier, the highest priority and the first
// assignee win; the others stand in the reasons as overruled. `escalate` never
// lowers a tier and `set_priority` never a priority; `de_escalate` and
// `lower_priority` do.
//
// Solved and closed tickets are judged only by rules marked `closed`. A message of
// the customer on a solved ticket reopens it.
//
// What is not known (a customer without a lifetime value, a ticket without a
// revenue figure, a clock without a target) makes a comparison unknown, which is not
// true, nor is its opposite; known(x) asks. Nothing is ever taken for zero.
//
// # What is promised
//
//   - Ask whenever you like. What is proposed depends on the ticket's history, not
//     on when or how often Decide was called: early, late, twice, every second or
//     only at NextCheck give the same actions with the same keys, each stamped with
//     the instant at which it was due, exact to the nanosecond.
//   - Once. An action's key is the same for the same rule, subject and occasion, on
//     every machine and across versions of the policy.
//   - It says why. Every action names its rule, the clauses that held and their
//     values; what was overruled is told too.
//   - It says what is wrong: all mistakes of a policy at once, with file, line and
//     column, and a guess at what was meant.
//   - Nothing that a host can pass makes it panic. A ticket that is partly broken is
//     judged as far as it goes, and the rest is a [Problem].
//
// The first holds for hosts that record what they carry out as Apply does, and for
// what has a history. A customer's plan, a tag, a field, a priority whose changes nobody
// records: the ledger keeps a mark of those that rules read. When one differs, the rules
// that read it are judged at the instant of the call and are due then; nobody knows since
// when it was so.
//
// # Why the ledger holds no state of the ticket
//
// Every helpdesk that adds up "time on hold" in a column loses it sooner or later:
// when the priority changes, when two workers write, when an import corrects the
// past. Here clocks are computed from the history each time. The ledger remembers what
// was fired, so that it is not fired again, and what is dear to find out twice.
//
// # Why all rules are looked at, not the first that matches
//
// A ticket that is late and whose customer is angry has two reasons to be
// escalated, and whoever takes over should read both. An order in which the first
// match wins hides the second, and makes every new rule a change of all the
// others.
package escalation
