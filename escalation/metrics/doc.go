// Package metrics reports on how a helpdesk escalates, from the histories of its tickets:
// the escalation rate of each tier, the time to escalate, the resolution time after it, the
// escalation-to-resolution ratio, customer satisfaction after an escalation, first contact
// resolution by tier, and what belongs beside them.
//
//	report, err := metrics.Compute(engine, slices.Values(tickets), metrics.Options{From: march, To: april, At: april})
//	fmt.Print(report)
//
// [Compute] goes through the tickets once. A [Report] is a table for people (String) and
// JSON for screens. Every figure carries its definition, and every row what it was
// computed from, how much of it is still open, and "no data" (nil, null) instead of zero
// where there is nothing to count.
//
// # Which tickets
//
// The cohort is the tickets created in [From, To): the only choice that does not favour
// what is solved quickly. At is the instant of the report. What happened later is ignored,
// also in the fields of a ticket, so March as of 1 April reads the same in June. Merged
// tickets and spam are for the host to leave out.
//
// # What counts as what
//
// Everything is read as the engine reads it. A field without a recorded change has held
// its value since the creation. A ticket that a status ends is resolved; a later message
// of the customer reopens a solved one, and any change of status to one that does not end
// tickets does. Tickets without a tier are at the lowest.
//
// An escalation is a change of tier to a higher one, a de-escalation to a lower one. One
// made by a rule or a bot is automatic; one by anybody else is manual, and so is one that
// a person has requested of the engine. Resolved in a tier is who was there at the last
// solving. A change of tier at the same instant comes first: who saves both at once has
// solved it there.
//
// A row "Tier 2" is about the tickets that came to Tier 2, or were escalated to it, or
// were resolved in it: the definition says which. Each counts once there, also if it came
// twice; only escalations per resolved ticket and automatic escalations count each move.
// The highest tier has nowhere to escalate to, so its escalation rate is no data.
//
// The customer's contacts are counted as for ticket.contacts: the first message, and each
// later one that follows a public reply or comes 24 hours after the one before, unless the
// host gives the number. A "thanks" after the solving is a contact and a reopening; a host
// that can tell leaves it out.
//
// # Hours
//
// Wall time is what the customer lived through. Business time is what the ticket's
// resolution clock counts: open hours of the calendar of its priority, else of its
// agreement or the policy, without the time that it was pending, on hold (or whatever the
// policy says that this clock pauses for) and solved. The agreement and the priority are
// those as of At, for the whole life of the ticket. Calendars of tiers are for their
// response clocks and play no part, and what a Ticket.Contract says is not known here.
//
// The median is by nearest rank, the shortest duration that at least half of the tickets
// do not exceed, and so is the 90th percentile.
//
// # What is still open
//
// The slow tickets are those that are not finished yet, so a median of finished ones is
// too short. Beside each figure stands how many of its tickets are open and may still
// change it. Resolution times have a second median, with the open ones (Kaplan and
// Meier's: they last at least as long as they have lasted); it is "not reached" as long as
// too many are open. Where nothing is open both are the same. The time to escalate has
// none, for most tickets are never escalated and are not waiting for it.
//
// # Satisfaction
//
// A rating counts as satisfied if it reaches Options.Positive of its scale. A scale goes
// from 0 or 1 to Rating.Max. The latest rating of a ticket counts, for the tier of its last
// escalation if it is later than that, else among "rated before". With few ratings the
// share says little: the interval says how little. "Never escalated" is there to compare,
// with care: what is escalated was harder from the start.
//
// # What is wrong with tickets
//
// A ticket whose history cannot be true is left out of all figures, and counted in
// Report.Excluded by its reason: an id that was there before, a tier that the policy does
// not have, a move that begins where no move has led, a change of tier or status without a
// time, a solved ticket of which nothing (log, StatusSince, SolvedAt) tells since when.
// What can be read all the same is read and counted in Report.Doubts: entries out of order
// are sorted, those older than the ticket are dated at the creation, those later than At
// are ignored, an unknown status is an open one, a rating outside its scale is no rating.
// No duration is ever negative: a ticket escalated after its last solving has no
// resolution time.
//
// The ledger is not read: a host that keeps no log of tiers has no escalations.
//
// # With a pencil
//
// A team with three tiers works from nine to five on working days. In March 2026 it had
// six tickets; 2 March was a Monday, and the report is as of the night to 1 April. A rule
// has made the moves marked (r), people the others.
//
//	   created    moved to                      solved     customer wrote       rated
//	A  2nd  9:00                                2nd 11:00  2nd  9:00            5 of 5 on the 2nd
//	B  2nd  9:00  Tier 2 on the 2nd 13:00 (r)   3rd 11:00  2nd  9:00            4 of 5 on the 3rd
//	C  3rd  9:00  Tier 2 on the 3rd 11:00                  3rd  9:00            2 of 5 on the 6th
//	              Tier 3 on the 4th 11:00 (r)   5th 17:00  3rd 11:00
//	D  4th 10:00  Tier 2 on the 5th 10:00                  4th 10:00            5 of 5 on the 4th
//	              Tier 1 on the 6th 10:00       6th 12:00
//	                                            9th 11:00  9th  9:00: reopened
//	E  30th 9:00  Tier 2 on the 30th 15:00 (r)  open       30th 9:00
//	F  31st 9:00                                open       31st 9:00
//
// All were answered an hour after they came, but for E and F. So
//
//   - Escalation rate: all six came to Tier 1, and B, C, D, E left it upwards: 4 of 6. F is
//     open and may still. Of the four that came to Tier 2, C went on: 1 of 4.
//   - Time to escalate, all: C 2 h, B 4 h, E 6 h, D 24 h. The median is the second of four,
//     4 h, the 90th percentile the fourth, 24 h: 8 h of business, seven of them on the 4th.
//   - Resolution time after escalation, Tier 2: B 22 h, D 97 h (from the 5th 10:00 to the
//     9th 11:00). The median of the two is 22 h. E is open after 33 h; of three tickets one
//     is done within 22 h, so half are not until the 97 h of D: the median with open. In
//     business time D took 7 h on the 5th, 3 h on the 6th, 2 h on the 9th: 12 h.
//   - Escalation-to-resolution ratio: B 1, C 2, D 1, E 1 make 5; A to D are resolved, 1.25.
//   - Satisfaction after escalation: B is satisfied, C is not: 1 of 2, which can mean
//     anything from 9 % to 91 %. D has rated before it was escalated.
//   - First contact resolution: A in Tier 1 and B in Tier 2; D came back and C asked again
//     after an answer: 2 of 4.
//
// The example of [Compute] prints the report.
package metrics
