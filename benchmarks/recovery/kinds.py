"""Kinds within the signal types, and days of effect, found again.

``benchmarks.recovery.events`` counts whether an event has one signal; here it is whether the signal
says of it what is true. A kind is *tellable* by the sources that tell it: a database knows a grant
and no extension. Connections and temporary tables are those of ``recover``.
"""

from __future__ import annotations

from datetime import date, timedelta

from benchmarks.recovery.counts import Recovery, compared

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
