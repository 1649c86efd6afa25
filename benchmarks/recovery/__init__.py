"""``python -m benchmarks.recovery``: are the market's events found again, as one signal each?

A market with everything switched on that makes press hard to read - forty outlets that reprint a
release, siblings told from the other side, reports that are withdrawn, news that comes late - is
fetched on several days, read and built by the line's own readers and models, and its signals are
compared with what truly happened. All figures are simulated ones.

How a type is counted: an event is *tellable* when some source had told it, other than as a rumour,
by the last fetch, and the platform knows the company. A signal and an event belong together when a
record of the one tells the other. Each event may claim one signal and each signal one event: a
second signal of one event is a false one, and an event merged into another's signal is missed.
Signals that have ended (withdrawn reports) count for nothing. Postings and technologies are
compared with what boards and pages showed on the fetch days; what the same element of a page shows
besides a true technology is left out of the count.
"""
