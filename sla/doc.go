// Package sla reads service-level clocks from what happened to a ticket: how
// much of each promised time is used, when it is due, and whether it was kept.
//
// # Nouns
//
// An [Agreement] says what is promised: a [Promise] per priority and a
// [TierPromise] per support tier, each made of a [Target], and the [Choices] on
// which teams differ. A [Calendar] says when time counts; it is made of [Hours]. A
// [History] says what happened: when the ticket was created, and the [Event] values
// since. A [Clock] is what comes out, one per [Metric]:
//
//	                created  reply   ask  pending  reply  solved  reopened   solved
//	first_response  |========|
//	next_response                    |=============|
//	resolution      |=====================|        |======|       |==========|
//	tier_response   |========|
//
// (the second reply sets the ticket from pending to open).
//
//   - first_response: from the creation to the first public reply of a person.
//   - next_response: from the first message of the customer that waits for an
//     answer, once a first response was given, to the next reply. Later
//     messages do not move it. Every wait is a cycle of its own.
//   - resolution: from the creation to the solving, without the time in which
//     the ticket was pending, on hold, solved or closed.
//   - tier_response: from entering a support tier to the first reply after
//     that. Every entry is a cycle of its own.
//
// Solving or closing a ticket cancels the responses still waited for. Reopening
// it, by a status or by a message on a solved ticket, resumes what that stopped.
//
// # What counts
//
// A clock runs from its start to its stop. What it counts is the open time in it,
// without the pauses. A ticket that is to be resolved in 8h, with an office that is
// open from 9 to 17:
//
//	             Mon 9     11        14     17                Tue 9   11
//	office       |==========================|    closed       |==============
//	ticket       |  open   | pending |  open                          | solved
//	resolution   |=========|         |======|                 |=======|
//	counts           2h                 3h                        2h       7h of 8h
//
// It was due on Tuesday at 12: that is when 8 hours are used up, 2h and 3h on Monday
// and 3h on Tuesday. Had it been solved on Tuesday at 12:30, it would be breached, at
// 12 and not when somebody looked. It warns when 80 % are used up, 6h24m, on Tuesday
// at 10:24: warnings never come while the office is closed, for no time counts then.
//
// What is used up as the office closes is due as it closes. A reply in the evening is
// late then, although no more time has been counted.
//
// # Verbs
//
// [Read] gives the clocks of a history as of an instant. A [Tracker] gives the
// same clocks step by step, for who looks at every event on the way:
//
//	for _, clock := range sla.Read(agreement, history, now) {
//		fmt.Println(clock.Metric, clock.State, clock.Remaining)
//	}
//
// [NewCalendar] makes a calendar of opening hours, [Union] one of several. A
// calendar adds open time to an instant ([Calendar.Add], [Calendar.Sub]), measures
// it ([Calendar.Between]) and looks it up ([Calendar.Open], [Calendar.NextOpen]).
// [Agreement.Findings] tells what is probably not meant: a Low that is promised
// sooner than a High, two days of 24 hours on a calendar of 8.
//
// # Choices
//
// [Choices] answer what teams argue about. What stands first is the default; none of
// it need be said.
//
//   - A new priority gives a running clock the new target from the same start; or
//     restarts it; or changes nothing that was promised.
//   - A reopening resumes the clock, without the time in which the ticket was solved;
//     or begins a new cycle; or changes nothing; or counts the time solved, too.
//   - A first response is a public reply by a person; or a machine's as well; or an
//     assignment as well.
//   - The clock of a tier starts when the ticket gets there; or when somebody there
//     is assigned.
//   - Pending and on hold pause the resolution; or any category pauses any clock.
//   - Promises are enforced always; or from an instant on, before which nothing counts.
//
// Pauses belong to the ticket, not to a target: unless a clock is restarted or keeps
// what it was promised, a new priority, agreement or calendar prices all that happened
// anew. What is past only then is due at the change, never before its cause.
//
// # What is promised
//
// The answer depends on its arguments only: there is no clock, no storage and
// no goroutine in here, and no input makes it panic. Time is counted in whole
// nanoseconds. A response at the due instant is in time, one a nanosecond later
// is not. A breach, once it happened, stays recorded for its cycle, whatever the
// priority becomes afterwards.
//
// # At one instant
//
// What happened at the same instant is taken in this order: reply (also a machine's),
// customer message, status, priority, agreement, tier, assignment; two of a kind in the order
// given. So a reply together with a solving is a reply first and not a cancelled wait;
// a reply together with a customer message answered the earlier ones, and the new
// message waits; a message sent with the solving does not reopen; what stops at the
// instant of a new priority is judged by the old one; and a reply given while handing
// over to another tier does not answer for that tier. A [Tracker] takes events in the
// order it is given them.
//
// # Why clocks are read and not kept
//
// A stored "time on hold so far" is wrong as soon as one event is late, edited
// or counted twice, and nobody can tell by looking at it. A history can be read
// again, as of any instant, with another agreement.
//
// # Why running spans are kept whole
//
// A clock remembers each span in which it ran, not their sum: only the spans
// can say when the target was reached under a target that was set later, and
// only they can be priced by opening hours.
//
// # Why a deadline may move with a pause
//
// The due instant is the last one that is still in time. A clock that is paused
// at the very instant its time is used up has broken nothing; it is due at the next
// open instant at which it runs again. Dated earlier, a breach would lie in a time at which the clock was
// read as paused and unbroken.
//
// # Why a day is 24 hours
//
// "2d" on a calendar of 8 hours a day is 48 hours of open time, six working days,
// and not two: a target must mean the same when the hours change or a half-day comes
// along. [Agreement.Findings] tells of it, with what to write for two working days.
//
// # Why the wall clock decides
//
// An instant is open if the clock on the office's wall reads inside an open span.
// That needs no rule for the hours that a change of clocks repeats or skips, it adds
// up, and it is what somebody in the office would say.
//
// # Where other products differ
//
//   - Zammad also runs the clock of the next response before the first response, so
//     it can overrule a longer one. Here the first wait is the first response's.
//   - Zammad and biz let time that is used up at closing time be due at the next
//     opening. Here, as in most others, it is due at the closing.
//   - biz moves the ends of a span that falls into a change of clocks by an hour;
//     rickar/cal adds the hours to midnight, which is off on such a day.
//   - GLPI counts "days" as working days.
//   - Chatwoot gives a ticket's SLA as a whole a state. Here each clock has its own.
//
// # Absurd input
//
// An event before the creation counts as at the creation, a reading before the
// last event as at that event. A status that is no [Category] is taken as open,
// none at all at the start as new. A choice that there is not is taken as the default. An event of no known [Kind] is no event. A
// negative target promises nothing. A priority the agreement does not know has
// no target on any clock; the time is counted all the same. What cannot be held
// by a [time.Duration] (292 years) is held at its limit. A zero instant is an
// instant like any other, but a field of a [Clock] that holds it reads as absent.
package sla
