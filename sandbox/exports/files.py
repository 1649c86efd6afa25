"""The day's files of all vendors, written into the folder of drops."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from sandbox.exports.companies import (
    cb_insights,
    earnings_calls,
    pitchbook,
    public_records,
    social_posts,
)
from sandbox.exports.engagements import engagement
from sandbox.exports.people import boardex, linkedin_sales_navigator, pasted_profile, zoominfo
from sandbox.exports.postings import dice, glassdoor, indeed, linkedin_jobs
from sandbox.exports.technologies import datanyze, g2, hg_insights
from sandbox.market import Market

#: One list of files for each drop that the seller's people keep.
VENDORS: dict[str, Callable[[Market, int], dict[str, bytes]]] = {
    made.__name__: made
    for made in (
        pitchbook, cb_insights, boardex, linkedin_sales_navigator, zoominfo, pasted_profile,
        linkedin_jobs, indeed, glassdoor, dice, hg_insights, datanyze, g2, public_records,
        social_posts, earnings_calls, engagement,
    )
}  # fmt: skip


def exports(market: Market, day: int) -> dict[str, bytes]:
    """All files by their path below the folder of drops, dated by the day they were exported."""
    dated = market.date(day).isoformat()
    files = {}
    for vendor, made in VENDORS.items():
        for name, content in made(market, day).items():
            if not content:
                continue
            stem, _, ending = name.partition(".")
            ending = ending or ("txt" if vendor == "pasted_profile" else "csv")
            files[f"{vendor}/{stem}_{dated}.{ending}"] = content
    return files


def write_exports(market: Market, day: int, folder: Path) -> int:
    """Write the day's files; those that are there already stay as they are. Returns how many."""
    written = 0
    for name, content in exports(market, day).items():
        path = folder / name
        if path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.part")
        draft.write_bytes(content)
        os.replace(draft, path)
        # Exported this morning: what was written a moment ago would wait for the next run.
        moment = path.stat().st_mtime - 60
        os.utime(path, (moment, moment))
        written += 1
    return written
