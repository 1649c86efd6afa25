"""Technologies found again: what came, went and rose between two days on which a page was read."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from benchmarks.recovery.counts import Recovery, compared


def read_days(connection) -> list[tuple[str, date]]:
    """Domains and the days on which a page of theirs was read, in order."""
    return connection.execute(
        """
        SELECT DISTINCT domain, cast(fetched_at AS date) AS day
        FROM warehouse.staging.stg_company_site__pages
        WHERE coalesce(status, 200) BETWEEN 200 AND 299 AND domain IN (SELECT domain FROM known)
        ORDER BY 1, 2
        """
    ).fetchall()


def came_and_went(connection) -> Recovery:
    """What came and went between two days on which a site's page was read."""
    used: dict[str, list[tuple]] = {}
    for domain, technology, first, last in connection.execute(
        "SELECT domain, technology, adopted_on, removed_on FROM true_technologies"
    ).fetchall():
        used.setdefault(domain, []).append((technology, first or date.min, last or date.max))
    true = []
    for (domain, before), (other, day) in pairwise(read_days(connection)):
        if domain != other:
            continue
        then, now = (
            {name for name, first, last in used.get(domain, ()) if first <= at < last}
            for at in (before, day)
        )
        true += [(domain, name, "added", day) for name in now - then]
        true += [(domain, name, "removed", day) for name in then - now]
    said = connection.execute(
        """
        SELECT k.domain, t.technology, t.change_type, cast(t.detected_on AS date), c.evidence
        FROM warehouse.signals.technology_adoptions t
        JOIN known k USING (company_id)
        LEFT JOIN warehouse.intermediate.int_technology_changes c
            ON c.domain = k.domain AND c.technology = t.technology
            AND c.change_type = t.change_type AND c.scanned_on = cast(t.detected_on AS date)
        WHERE t.change_type IN ('added', 'removed') AND EXISTS (
            SELECT 1 FROM warehouse.signals.signal_sources s
            WHERE s.signal_id = t.signal_id AND s.source IN ('company_site', 'dns', 'builtwith')
        )
        """
    ).fetchall()
    # An address may show two technologies: the library and the network that delivers it, the shop
    # and the system it is a part of. The market's truth names the first; the second is as true.
    certain = set(true)
    shown = {(row[0], row[3], row[4]) for row in said if row[4] and tuple(row[:4]) in certain}
    said = [
        row[:4]
        for row in said
        if tuple(row[:4]) in certain or (row[0], row[3], row[4]) not in shown
    ]
    return compared("technology_adoption", true, said)


def upgrades(connection) -> list[Recovery]:
    """Versions that rose between two days on which a site's page was read.

    A signal is only what rises in its main number; lesser rises are changes, and so are both when
    they come between the same two days.
    """
    true: dict[str, list[tuple]] = {"main": [], "all": []}
    used: dict[str, list[tuple]] = {}
    for domain, *usage in connection.execute(
        "SELECT domain, technology, adopted_on, removed_on, upgraded_on, "
        "main_upgraded_on FROM true_technologies"
    ).fetchall():
        used.setdefault(domain, []).append(usage)
    for (domain, before), (other, day) in pairwise(read_days(connection)):
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
