// Package sla reads service-level clocks from what happened to a ticket: how
// much of each promised time is used, when it is due, and whether it was kept.
//
// # Nouns
//
// An [Agreement] says what is promised: a [Promise] per priority and a
// [TierPromise] per support tier, each made of a [Target]. A [History] says
// what happened: when the ticket was created, and the [Event] values since. A
// [Clock] is what comes out, one per [Metric]:
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
// # Verbs
//
// [Read] gives the clocks of a history as of an instant. A [Tracker] gives the
// same clocks step by step, for who looks at every event on the way:
//
//	for _, clock := range sla.Read(agreement, history, now) {
//		fmt.Println(clock.Metric, clock.State, clock.Remaining)
//	}
//
// # What is promised
//
// The answer depends on its arguments only: there is no clock, no storage and
// no goroutine in here, and no input makes it panic. Time is counted in whole
// nanoseconds. A response at the due instant is in time, one a nanosecond later
// is not. A breach, once it happened, stays recorded, whatever the priority
// becomes afterwards.
//
// # At one instant
//
// What happened at the same instant is taken in this order: reply, customer
// message, status, priority, tier; two of a kind in the order given. So a reply
// together with a solving is a reply first and not a cancelled wait; a reply
// together with a customer message answered the earlier ones, and the new
// message waits; a message sent with the solving does not reopen; what
// stops at the instant of a new priority is judged by the old one; and a reply
// given while handing over to another tier does not answer for that tier. A
// [Tracker] takes events in the order it is given them.
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
// at the very instant its time is used up has broken nothing; it is due when it
// resumes. Dated earlier, a breach would lie in a time at which the clock was
// read as paused and unbroken.
//
// # Absurd input
//
// An event before the creation counts as at the creation, a reading before the
// last event as at that event. A status that is no [Category] is taken as open,
// none at all at the start as new. An event of no known [Kind] is no event. A
// negative target promises nothing. A priority the agreement does not know has
// no target on any clock; the time is counted all the same. What cannot be held
// by a [time.Duration] (292 years) is held at its limit. A zero instant is an
// instant like any other, but a field of a [Clock] that holds it reads as absent.
package sla
