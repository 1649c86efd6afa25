"""Kinds within the signal types, days of effect, versions, and what postings tell, found again.

Beside ``benchmarks.recovery``, which counts whether an event has one signal: here, whether the
signal says of it what is true. A kind is *tellable* by the sources that tell it: a database knows a
grant and no extension. Connections and temporary tables are those of ``recover``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise

from benchmarks.recovery_counts import Recovery, compared, folded

#: Name, type, what is true of the event, which sources tell it, and what its signal says then.
KINDS = (
    ("grant", "funding_round", "e.subtype = 'grant'", "press crunchbase", "f.round_type = 'grant'"),
    ("ipo", "funding_round", "e.subtype = 'ipo'", "press", "f.round_type = 'ipo'"),
    ("extension", "funding_round", "e.is_extension", "press", "f.is_extension"),
    ("bridge", "funding_round", "e.is_bridge", "press", "f.is_bridge"),
    ("reorganization", "executive_change", "e.subtype = 'reorganization'", "press sec_edgar",
     "x.change_type = 'reorganization'"),
    ("manager", "executive_change", "e.level = 'manager'", "press", "x.level = 'manager'"),
)  # fmt: skip
#: Subject and detail tables of what is said.
_SAID = """
    warehouse.signals.buying_signals b
    JOIN known k ON k.company_id = b.company_id
    LEFT JOIN warehouse.signals.funding_signals f ON f.signal_id = b.signal_id
    LEFT JOIN warehouse.signals.executive_changes x ON x.signal_id = b.signal_id
    LEFT JOIN warehouse.signals.expansion_signals p ON p.signal_id = b.signal_id
"""


def kinds(connection, as_of: date) -> list[Recovery]:
    """A row per kind of round and of change of executives."""
    return [_kind(connection, as_of, *row) for row in KINDS]


def _kind(
    connection, as_of: date, name: str, signal_type: str, true: str, sources: str, said: str
) -> Recovery:
    wrong = f"is_wrong AND coalesce(corrected_on > DATE '{as_of}', true)"
    tellable = connection.execute(
        f"""
        SELECT e.event_id, any_value(e.domain || ' ' || e.subtype || ' ' || e.occurred_on),
            any_value(n.is_namesake)
        FROM true_events e
        JOIN true_event_sources s USING (event_id)
        JOIN known k ON k.domain = e.domain
        JOIN namesakes n ON n.domain = e.domain
        WHERE {true} AND list_contains(string_split('{sources}', ' '), s.source)
            AND s.published_on <= ? AND NOT s.is_rumour AND NOT ({wrong})
            AND (s.source <> 'sec_edgar' OR k.cik IS NOT NULL)
        GROUP BY 1
        """,
        [as_of],
    ).fetchall()
    shown = connection.execute(
        f"""
        SELECT b.signal_id, k.domain || ' ' || b.title,
            count(e.event_id) FILTER (WHERE {true}) > 0
        FROM {_SAID}
        LEFT JOIN warehouse.signals.signal_sources t ON t.signal_id = b.signal_id
        LEFT JOIN true_event_sources s ON s.source = t.source AND s.record_id = t.record_id
        LEFT JOIN true_events e ON e.event_id = s.event_id AND e.type = b.signal_type
        WHERE b.signal_type = '{signal_type}' AND b.known_to IS NULL AND {said}
            AND t.source NOT IN (SELECT vendor FROM list_vendors)
        GROUP BY ALL
        """
    ).fetchall()
    found = {
        event
        for (event,) in connection.execute(
            f"""
            SELECT DISTINCT e.event_id
            FROM {_SAID}
            JOIN warehouse.signals.signal_sources t ON t.signal_id = b.signal_id
            JOIN true_event_sources s ON s.source = t.source AND s.record_id = t.record_id
            JOIN true_events e ON e.event_id = s.event_id AND e.type = b.signal_type
            WHERE {true} AND {said} AND e.domain = k.domain
            """
        ).fetchall()
    }
    missed = [(what, alike) for event, what, alike in tellable if event not in found]
    false = sorted(what for _, what, right in shown if not right)
    return Recovery(
        f"{signal_type}: {name}", len(tellable), len(tellable) - len(missed), len(shown),
        len(shown) - len(false), tuple(sorted(what for what, _ in missed)[:20]),
        tuple(false[:20]), sum(alike for _, alike in missed),
    )  # fmt: skip


def effects(connection, as_of: date) -> Recovery:
    """Days of effect that press tells of takeovers and sites, with how exactly they are told."""
    true = connection.execute(
        """
        SELECT DISTINCT e.domain, e.event_id, e.effective_on, e.effective_precision
        FROM true_events e
        JOIN true_event_sources s USING (event_id)
        JOIN namesakes n ON n.domain = e.domain
        WHERE e.effective_on IS NOT NULL AND s.source = 'press' AND NOT s.is_rumour
            AND s.published_on <= ? AND NOT n.is_namesake
            AND e.event_id NOT IN (
                SELECT x.event_id FROM true_exported x
                WHERE x.vendor = 'public_records' AND x.event_id IS NOT NULL
            )
        """,
        [as_of],
    ).fetchall()
    said = connection.execute(
        f"""
        SELECT DISTINCT k.domain, e.event_id, p.effective_on, p.effective_precision
        FROM {_SAID}
        JOIN warehouse.signals.signal_sources t ON t.signal_id = b.signal_id
        JOIN true_event_sources s ON s.source = t.source AND s.record_id = t.record_id
        JOIN true_events e ON e.event_id = s.event_id AND e.type = b.signal_type
            AND e.domain = k.domain
        JOIN namesakes n ON n.domain = e.domain
        WHERE p.effective_on IS NOT NULL AND NOT n.is_namesake
            -- A record of an office tells the day, press its month or quarter.
            AND b.signal_id NOT IN (
                SELECT signal_id FROM warehouse.signals.signal_sources
                WHERE source = 'public_records'
            )
        """
    ).fetchall()
    return compared(
        "day_of_effect",
        [(d, e, _last(on, how), how) for d, e, on, how in true],
        said,
    )


def _last(day: date, precision: str) -> date:
    """The last day of the month or quarter of a day."""
    if precision == "day":
        return day
    month = day.month if precision == "month" else (day.month + 2) // 3 * 3
    following = date(day.year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)


def upgrades(connection) -> list[Recovery]:
    """Versions that rose between two days on which a site's page was read.

    A signal is only what rises in its main number; lesser rises are changes, and so are both when
    they come between the same two days.
    """
    true: dict[str, list[tuple]] = {"main": [], "all": []}
    scans = connection.execute(
        """
        SELECT DISTINCT domain, cast(fetched_at AS date) AS day
        FROM warehouse.staging.stg_company_site__pages
        WHERE coalesce(status, 200) BETWEEN 200 AND 299 AND domain IN (SELECT domain FROM known)
        ORDER BY 1, 2
        """
    ).fetchall()
    used: dict[str, list[tuple]] = {}
    for domain, *usage in connection.execute(
        "SELECT domain, technology, adopted_on, removed_on, upgraded_on, "
        "main_upgraded_on FROM true_technologies"
    ).fetchall():
        used.setdefault(domain, []).append(usage)
    for (domain, before), (other, day) in pairwise(scans):
        if domain != other:
            continue
        for technology, first, last, risen, main in used.get(domain, ()):
            shown = (first or date.min) <= before and day < (last or date.max)
            for kind, days in (("main", main), ("all", risen)):
                if shown and any(before < at <= day for at in days):
                    true[kind].append((domain, technology, day))
    signals = connection.execute(
        """
        SELECT k.domain, t.technology, cast(t.detected_on AS date)
        FROM warehouse.signals.technology_adoptions t JOIN known k USING (company_id)
        WHERE t.change_type = 'upgraded'
        """
    ).fetchall()
    changes = connection.execute(
        """
        SELECT domain, technology, scanned_on
        FROM warehouse.intermediate.int_technology_changes
        WHERE change_type = 'upgraded' AND domain IN (SELECT domain FROM known)
        """
    ).fetchall()
    return [
        compared("technology: main version", true["main"], signals),
        compared("technology: any version", true["all"], changes),
    ]


_POSTINGS = """
    SELECT k.domain, {0}
    FROM warehouse.signals.job_posting_signals j
    JOIN known k USING (company_id)
    WHERE j.source IN ('greenhouse', 'lever', 'ashby', 'workday') {1}
"""
_TITLE = "regexp_replace(j.job_title, ' \\([^)]*\\)$', '')"


def postings(connection, days: Sequence[date]) -> list[Recovery]:
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


__all__ = ["effects", "folded", "kinds", "postings", "surges", "upgrades"]
