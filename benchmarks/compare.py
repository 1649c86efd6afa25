"""Whether the line and its peer did the same work: equal signals, points and scores."""

from __future__ import annotations

from pathlib import Path

#: Points are rounded to four decimals on the one side and summed as floats on the other.
TOLERANCE = 1e-3


class DifferentResultsError(Exception):
    """The two pipelines disagree, so their times must not be compared."""


def require_equal(warehouse: Path, peer: Path) -> dict[str, int]:
    """Compare every signal, point and score; returns how many of each were equal.

    ``warehouse`` is the DuckDB file, ``peer`` the folder of the peer's Parquet files. Raises
    ``DifferentResultsError`` naming the first difference of each kind.
    """
    import duckdb

    with duckdb.connect() as db:
        db.execute(f"attach '{warehouse}' as line (read_only)")
        for table in ("buying_signals", "lead_score_points", "lead_scores"):
            db.execute(f"create view peer_{table} as from '{peer / table}.parquet'")
        checks = {
            "signals": f"""
                from line.signals.buying_signals as a
                full join peer_buying_signals as b using (signal_id)
                select signal_id as item,
                    a.company_id is distinct from b.company_id
                    or a.signal_type is distinct from b.signal_type
                    or a.signal_strength is distinct from b.signal_strength
                    or a.source_count is distinct from b.source_count
                    or abs(a.relevance_score - b.relevance_score) > {TOLERANCE}
                    or abs(a.confidence_score - b.confidence_score) > {TOLERANCE} as differs""",
            "points": f"""
                from line.leads.lead_score_points as a
                full join peer_lead_score_points as b using (company_id, rule_id)
                select company_id || ' ' || rule_id as item,
                    a.points is null or b.points is null
                    or abs(a.points - b.points) > {TOLERANCE} as differs""",
            "scores": f"""
                from line.leads.lead_scores as a full join peer_lead_scores as b using (company_id)
                select company_id as item,
                    a.lead_score is null or b.lead_score is null
                    or abs(a.lead_score - b.lead_score) > {TOLERANCE}
                    or a.tier <> b.tier as differs""",
        }
        counts, faults = {}, []
        for name, query in checks.items():
            total, differing, example = db.execute(
                f"select count(*), count(*) filter (where differs), "
                f"min(item) filter (where differs) from ({query})"
            ).fetchall()[0]
            counts[name] = total
            if differing:
                faults.append(f"{differing} of {total} {name} differ, for example {example}")
        if faults:
            raise DifferentResultsError("; ".join(faults))
    return counts
