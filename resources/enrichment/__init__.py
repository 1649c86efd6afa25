"""Enrichment: asking vendors about one company or person, in order, within a budget, once.

Belongs here: typed clients of vendors (``providers``), the order in which they are asked
(``waterfall``, pure), what was asked and what it cost (``ledger``), what is known from whom
(``known``), who must not be asked about (``suppressions``). Does not belong here: which leads
deserve it beyond their rank, how a score counts it (dbt), schedules.
"""
