"""What each source tells, found again: by type and source, in ``benchmarks.recovery``.

Of a source that has the market's own record ids (feeds, filings, the investors' database, the news
search) each record that tells an event is looked for in a signal of that event's company and type;
of lists exported by hand each row, by company, type and person, place or day. What a source tells
and no event stands behind is false.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from benchmarks.recovery.counts import Recovery, compared, folded
from sandbox.exports.people import WHOLE
from sandbox.market.staff import ACCOUNTS

#: Days between an event and the day that a list bears, at most.
DAYS_OFF = 10
#: Sources whose records bear ids by which the truth knows them.
RECORDED = ("press", "newsapi", "crunchbase", "sec_edgar")
#: Lists by vendor: how a row is known again beside company and type.
LISTED = {
    "pitchbook": "day", "cb_insights": "day", "social_posts": "day", "boardex": "person",
    "public_records": "city",
}  # fmt: skip
JOB_LISTS = ("linkedin_jobs", "indeed", "glassdoor", "dice")


def by_source(connection, days: Sequence[date]) -> list[Recovery]:
    """A row per source and type that it tells; ``days`` are those of the fetches."""
    connection.execute(_RECORDS)
    rows = []
    for source in RECORDED:
        rows += _recorded(connection, source)
    for vendor, known_by in LISTED.items():
        rows += _listed(connection, vendor, known_by)
    rows.append(_calls(connection))
    rows.append(_whole_lists(connection, days[0], days[-1]))
    rows += [_jobs(connection, vendor) for vendor in JOB_LISTS]
    rows += [_tools_that_came(connection), _tools_in_use(connection), _visits(connection)]
    return [row for row in rows if row.true or row.said]


#: Records of the lake that tell an event, and what is said with them. The address of an article
#: that a news search finds ends in the id that the outlet's feed gives it.
_RECORDS = """
    CREATE TEMP TABLE told_records AS
    SELECT s.source, s.record_id, e.event_id, e.domain, e.type, e.occurred_on, e.subtype,
        coalesce(e.person, '') AS person, e.other_company, e.successor
    FROM true_event_sources s
    JOIN true_events e USING (event_id)
    JOIN namesakes n ON n.domain = e.domain
    WHERE NOT s.is_rumour AND NOT n.is_namesake
        AND EXISTS (
            SELECT 1 FROM warehouse.intermediate.int_record_versions r
            WHERE r.source = s.source AND r.record_id = s.record_id
        )
"""


def _recorded(connection, source: str) -> list[Recovery]:
    told = connection.execute(
        f"""
        SELECT t.event_id, t.domain, t.type, t.record_id
        FROM ({_NEWS if source == "newsapi" else "SELECT * FROM told_records"}) t
        WHERE t.source = '{source}'
        """
    ).fetchall()
    said = connection.execute(
        """
        SELECT DISTINCT b.signal_type, k.domain, s.record_id
        FROM warehouse.signals.signal_sources s
        JOIN warehouse.signals.buying_signals b USING (signal_id)
        JOIN known k USING (company_id)
        JOIN namesakes n ON n.domain = k.domain
        WHERE s.source = ? AND NOT n.is_namesake
        """,
        [source],
    ).fetchall()
    # A takeover and a partnership are told of the other company as well; a rumour or a report that
    # was withdrawn tells something too, which the truth of events does not hold.
    ids = {
        record
        for (record,) in connection.execute(
            f"""
            SELECT record_id FROM ({_NEWS if source == "newsapi" else "SELECT * FROM told_records"})
            WHERE source = '{source}'
            """
        ).fetchall()
    }
    rows = []
    for kind in sorted({row[2] for row in told}):
        true = {(record, domain) for _, domain, type_, record in told if type_ == kind}
        shown = {(record, domain) for type_, domain, record in said if type_ == kind}
        of_events = {record for record, _ in true}
        judged = {(r, d) for r, d in shown if r in ids}
        right = {(r, d) for r, d in judged if r in of_events}
        missed = sorted(f"{d} {r}" for r, d in true - shown)
        false = sorted(f"{d} {r}" for r, d in judged - right)
        rows.append(
            Recovery(
                signal_type=f"{source}: {kind}",
                true=len(true),
                found=len(true) - len(missed),
                said=len(judged),
                right=len(right),
                missed=tuple(missed[:20]),
                false=tuple(false[:20]),
            )
        )
    return rows


_NEWS = """
    SELECT 'newsapi' AS source, r.record_id, e.event_id, e.domain, e.type
    FROM (
        SELECT DISTINCT record_id FROM warehouse.intermediate.int_record_versions
        WHERE source = 'newsapi'
    ) r
    JOIN true_articles a ON ends_with(r.record_id, '-' || lower(a.article_id))
        AND contains(r.record_id, a.outlet || '.example/')
    JOIN true_events e ON e.event_id = a.event_id
    JOIN namesakes n ON n.domain = e.domain
    WHERE a.kind <> 'rumour' AND NOT n.is_namesake
"""


def _listed(connection, vendor: str, known_by: str) -> list[Recovery]:
    """Rows of one vendor's list and the signals that rest on it, paired one to one."""
    rows = connection.execute(
        """
        SELECT x.type, x.domain, x.occurred_on, x.person, x.city
        FROM true_exported x JOIN namesakes n ON n.domain = x.domain
        WHERE x.vendor = ? AND NOT n.is_namesake ORDER BY ALL
        """,
        [vendor],
    ).fetchall()
    said = connection.execute(
        """
        SELECT DISTINCT b.signal_type, k.domain, cast(b.occurred_at AS date), c.person_name,
            p.city, b.signal_id
        FROM warehouse.signals.signal_sources s
        JOIN warehouse.signals.buying_signals b USING (signal_id)
        JOIN known k ON k.company_id = b.company_id
        JOIN namesakes n ON n.domain = k.domain
        LEFT JOIN warehouse.signals.executive_changes c ON c.signal_id = b.signal_id
        LEFT JOIN warehouse.signals.expansion_signals p ON p.signal_id = b.signal_id
        WHERE s.source = ? AND NOT n.is_namesake AND b.signal_type <> 'social_signal'
        ORDER BY ALL
        """,
        [vendor],
    ).fetchall()

    def same(true: tuple, shown: tuple) -> bool:
        if true[:2] != shown[:2]:
            return False
        if known_by == "person":
            return (true[3] or "").split()[-1:] == (shown[3] or "").split()[-1:]
        if known_by == "city":
            return folded(true[4] or "") == folded(shown[4] or "")
        return abs(true[2] - shown[2]) <= timedelta(days=DAYS_OFF)

    rows_by_type = []
    for kind in sorted({row[0] for row in rows} | {row[0] for row in said}):
        left = [row for row in said if row[0] == kind]
        total, missed = len(left), []
        true = [row for row in rows if row[0] == kind]
        for row in true:
            match = next((shown for shown in left if same(row, shown)), None)
            if match is None:
                missed.append(" ".join(map(str, row[1:])))
            else:
                left.remove(match)
        rows_by_type.append(
            Recovery(
                signal_type=f"{vendor}: {kind}",
                true=len(true),
                found=len(true) - len(missed),
                said=total,
                right=total - len(left),
                missed=tuple(missed[:20]),
                false=tuple(" ".join(map(str, row[1:5])) for row in left[:20]),
            )
        )
    return rows_by_type


def _calls(connection) -> Recovery:
    """Calls, what each tells of a place, and that its finance chief tells of hiring."""
    true = []
    for domain, polarity in connection.execute(
        """
        SELECT x.domain, e.polarity
        FROM true_exported x JOIN true_events e USING (event_id)
        JOIN known k ON k.domain = x.domain
        WHERE x.vendor = 'earnings_calls'
        """
    ).fetchall():
        theme = "expansion" if polarity == "positive" else "cost_cut"
        true += [(domain, "call"), (domain, theme), (domain, "hiring")]
    said = connection.execute(
        """
        SELECT k.domain, b.signal_subtype
        FROM warehouse.signals.buying_signals b JOIN known k USING (company_id)
        WHERE b.signal_type = 'earnings_call' AND b.signal_id IN (
            SELECT signal_id FROM warehouse.signals.signal_sources WHERE source = 'earnings_calls'
        )
        """
    ).fetchall()
    return compared("earnings_calls: earnings_call", true, said)


def _whole_lists(connection, first: date, last: date) -> Recovery:
    """Who came, left or changed position between two whole lists of those who lead a company."""
    shown: dict[date, dict[tuple[str, str], str]] = {first: {}, last: {}}
    for domain, person, title, since, until in connection.execute(
        """
        SELECT l.domain, l.person, l.title, l.listed_from, l.listed_to
        FROM true_leaders l
        JOIN true_companies c USING (domain)
        JOIN known k ON k.domain = l.domain
        WHERE c.company_index >= ? AND c.company_index < ?
        """,
        [ACCOUNTS, ACCOUNTS + WHOLE],
    ).fetchall():
        for day, there in shown.items():
            if (since or date.min) <= day < (until or date.max):
                there[domain, person] = title
    before, after = shown[first], shown[last]
    true = [(*who, "outgoing") for who in before.keys() - after.keys()]
    true += [(*who, "incoming") for who, title in after.items() if before.get(who) != title]
    said = connection.execute(
        """
        SELECT DISTINCT k.domain, m.person_name, m.direction
        FROM warehouse.signals.signal_sources s
        JOIN warehouse.intermediate.int_signal_mentions m USING (mention_id)
        JOIN warehouse.signals.buying_signals b USING (signal_id)
        JOIN known k ON k.company_id = b.company_id
        WHERE s.source = 'zoominfo' AND m.detection_method = 'export'
        """
    ).fetchall()
    return compared("zoominfo: executive_change", true, said)


def _jobs(connection, vendor: str) -> Recovery:
    true = connection.execute(
        """
        SELECT x.domain, x.title FROM true_exported x JOIN namesakes n ON n.domain = x.domain
        WHERE x.vendor = ? AND NOT n.is_namesake
        """,
        [vendor],
    ).fetchall()
    said = connection.execute(
        """
        SELECT DISTINCT k.domain, m.job_title, m.record_id
        FROM warehouse.signals.signal_sources s
        JOIN warehouse.signals.buying_signals b USING (signal_id)
        JOIN warehouse.intermediate.int_signal_mentions m USING (mention_id)
        JOIN known k ON k.company_id = b.company_id
        JOIN namesakes n ON n.domain = k.domain
        WHERE s.source = ? AND NOT n.is_namesake
        """,
        [vendor],
    ).fetchall()
    return compared(f"{vendor}: job_posting", true, [row[:2] for row in said])


#: Rows of technologies on the lists of a vendor, by the company that shows the row.
_TOOLS = """
    SELECT DISTINCT x.domain, x.technology
    FROM true_exported x JOIN namesakes n ON n.domain = x.domain
    WHERE x.type = 'technology' AND x.vendor IN (SELECT unnest(?)) AND NOT n.is_namesake
"""


def _tools_that_came(connection) -> Recovery:
    """Technologies that a list of changes says were added, each the source of a signal."""
    said = connection.execute(
        """
        SELECT DISTINCT k.domain, t.technology
        FROM warehouse.signals.signal_sources s
        JOIN warehouse.signals.technology_adoptions t USING (signal_id)
        JOIN known k ON k.company_id = t.company_id
        JOIN namesakes n ON n.domain = k.domain
        WHERE s.source = 'datanyze' AND t.change_type = 'added' AND NOT n.is_namesake
        """
    ).fetchall()
    true = connection.execute(_TOOLS, [["datanyze"]]).fetchall()
    return compared("datanyze: technology_adoption", true, said)


def _tools_in_use(connection) -> Recovery:
    """Technologies in use as lists tell them; which of two lists is named is not asked."""
    said = connection.execute(
        """
        SELECT DISTINCT k.domain, t.technology
        FROM warehouse.core.company_technologies t
        JOIN known k ON k.company_id = t.company_id
        JOIN namesakes n ON n.domain = k.domain
        WHERE t.method = 'vendor' AND t.is_current AND NOT n.is_namesake
        """
    ).fetchall()
    true = connection.execute(_TOOLS, [["datanyze", "hg_insights"]]).fetchall()
    return compared("hg_insights, datanyze: technology in use", true, said)


def _visits(connection) -> Recovery:
    """Days on which somebody of a company read about the seller's products."""
    said = connection.execute(
        """
        SELECT k.domain, i.occurred_on
        FROM warehouse.signals.intent_events i JOIN known k ON k.company_id = i.company_id
        JOIN namesakes n ON n.domain = k.domain
        WHERE i.source = 'g2' AND NOT n.is_namesake
        """
    ).fetchall()
    true = connection.execute(
        """
        SELECT x.domain, x.occurred_on
        FROM true_exported x JOIN namesakes n ON n.domain = x.domain
        WHERE x.vendor = 'g2' AND NOT n.is_namesake
        """
    ).fetchall()
    return compared("g2: intent_event", true, said)
