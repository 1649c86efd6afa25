"""Postings found again: those that boards showed, and what they tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from benchmarks.recovery.counts import Recovery, compared, folded

_POSTINGS = """
    SELECT k.domain, {0}
    FROM warehouse.signals.job_posting_signals j
    JOIN known k USING (company_id)
    WHERE j.source IN ('greenhouse', 'lever', 'ashby', 'workday') {1}
"""
_TITLE = "regexp_replace(j.job_title, ' \\([^)]*\\)$', '')"


def shown(connection, days: Sequence[date]) -> Recovery:
    """Postings that a board showed on some fetch day."""
    true = []
    for domain, title, opened, closed in connection.execute(
        "SELECT domain, title, opened_on, closed_on FROM true_postings "
        "WHERE domain IN (SELECT domain FROM known WHERE is_on_company_list)"
    ).fetchall():
        if any(opened <= day < closed for day in days):
            true.append((domain, re.sub(r" \([^)]*\)$", "", title)))
    said = connection.execute(
        """
        SELECT k.domain, regexp_replace(j.job_title, ' \\([^)]*\\)$', '')
        FROM warehouse.signals.job_posting_signals j JOIN known k USING (company_id)
        WHERE j.source IN ('greenhouse', 'lever', 'ashby', 'workday')
        """
    ).fetchall()
    return compared("job_posting", true, said)


def told(connection, days: Sequence[date]) -> list[Recovery]:
    """Years of experience, agencies' postings and repeated ones, among postings of read boards."""
    shown: list[tuple] = []
    for row in connection.execute(
        """
        SELECT domain, title, opened_on, closed_on, years_min, years_max, is_for_client, repeats_as,
            posting_key, repeats
        FROM true_postings
        WHERE domain IN (SELECT domain FROM known WHERE is_on_company_list)
        """
    ).fetchall():
        if any(row[2] <= day < row[3] for day in days):
            shown.append(row)
    # The place that a title may bear in brackets is left out on both sides.
    shown = [(row[0], re.sub(r" \([^)]*\)$", "", row[1]), *row[2:]) for row in shown]
    there = {(row[0], row[8]) for row in shown}
    years = [(row[0], row[1], *row[4:6]) for row in shown if row[4] is not None]
    clients = [row[:2] for row in shown if row[6]]
    # A posting repeats another only for who has seen that one too.
    repeats = [row[:2] for row in shown if row[7] and (row[0], row[9]) in there]
    read = [
        connection.execute(_POSTINGS.format(columns, condition)).fetchall()
        for columns, condition in (
            (f"{_TITLE}, j.years_min, j.years_max", "AND j.years_min IS NOT NULL"),
            (_TITLE, "AND j.is_recruiter"),
            (_TITLE, "AND j.duplicate_kind IN ('several_places', 'repost')"),
        )
    ]
    return [
        compared("job_posting: years", years, read[0]),
        compared("job_posting: for a client", clients, read[1]),
        compared("job_posting: repeated", repeats, read[2]),
    ]


def first_jobs(connection, days: Sequence[date]) -> Recovery:
    """Cities in which a board showed a job on the spot for the first time, after its first day."""
    shown: dict[tuple[str, str], date] = {}
    for domain, city, opened, closed, home in connection.execute(
        """
        SELECT p.domain, p.city, p.opened_on, p.closed_on, c.city
        FROM true_postings p JOIN warehouse.core.companies c USING (domain)
        WHERE NOT p.is_remote
            AND p.domain IN (SELECT domain FROM known WHERE is_on_company_list)
        """
    ).fetchall():
        seen = [day for day in days if opened <= day < closed]
        if seen and city != home:
            place = (domain, folded(city))
            shown[place] = min(seen[0], shown.get(place, seen[0]))
    read = connection.execute(
        """
        SELECT k.domain, min(v.snapshot_on) FILTER (WHERE v.open_postings > 0)
        FROM warehouse.intermediate.int_job_volumes v JOIN known k USING (company_id) GROUP BY 1
        """
    ).fetchall()
    begun = dict(read)
    true = [
        (*place, day) for place, day in shown.items() if begun.get(place[0]) and day > days[0]
        and day > begun[place[0]]
    ]  # fmt: skip
    said = connection.execute(
        """
        SELECT k.domain, m.city, m.occurred_on
        FROM warehouse.intermediate.int_signal_mentions m
        JOIN warehouse.signals.signal_sources s USING (mention_id)
        JOIN warehouse.signals.buying_signals b USING (signal_id)
        JOIN known k USING (company_id)
        WHERE b.signal_type = 'expansion' AND m.detection_method = 'job_posting'
        """
    ).fetchall()
    return compared("first_job", true, [(domain, folded(city), day) for domain, city, day in said])


def surges(connection, days: Sequence[date]) -> Recovery:
    """Surges by the rule of ``int_job_volumes``, reckoned from what the boards truly showed."""
    begun = dict(
        connection.execute(
            """
            SELECT k.domain, min(v.snapshot_on)
            FROM warehouse.intermediate.int_job_volumes v JOIN known k USING (company_id)
            GROUP BY 1
            """
        ).fetchall()
    )
    openings: dict[str, dict[date, int]] = {}
    for domain, opened, closed in connection.execute(
        """
        SELECT domain, opened_on, closed_on FROM true_postings
        WHERE repeats IS NULL AND NOT is_for_client
            AND domain IN (SELECT domain FROM known WHERE is_on_company_list)
        """
    ).fetchall():
        first = next((day for day in days if opened <= day < closed), None)
        if first is not None:
            counted = openings.setdefault(domain, {})
            counted[first] = counted.get(first, 0) + 1
    true = []
    for domain, first in begun.items():
        was = False
        for day in days:
            now = day >= first and _is_surge(openings.get(domain, {}), first, day, days)
            if now and not was:
                true.append((domain, day))
            was = now
    said = connection.execute(
        """
        SELECT k.domain, cast(b.occurred_at AS date)
        FROM warehouse.signals.buying_signals b JOIN known k USING (company_id)
        WHERE b.signal_type = 'job_posting' AND b.signal_subtype = 'hiring_surge'
        """
    ).fetchall()
    return compared("hiring_surge", true, said)


def _is_surge(openings: dict[date, int], first: date, day: date, days: Iterable[date]) -> bool:
    watched = min(84, (day - first).days - 28)
    if watched < 56 or not any(0 <= (day - other).days - 28 <= 7 for other in days):
        return False
    lately = sum(n for on, n in openings.items() if 0 <= (day - on).days < 28 and on > first)
    before = sum(n for on, n in openings.items() if 28 <= (day - on).days < 112 and on > first)
    weekly = before * 7 / watched
    return (
        lately >= 5
        and lately >= 8 * weekly
        and lately >= 4 * weekly + 3 * max(1.0, 4 * weekly) ** 0.5
    )
