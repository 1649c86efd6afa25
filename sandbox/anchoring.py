"""Where a market's configuration is kept, so that a later run meets the same market."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

#: The demo's market: 2,000 companies over 18 months.
COMPANIES = 2000
DAYS = 548
SEED = 7


@dataclass(frozen=True)
class Anchor:
    """All that names one market: pass it to ``running_market(**anchor.arguments())``."""

    seed: int
    companies: int
    start: date
    days: int

    def arguments(self) -> dict[str, object]:
        """Keyword arguments for ``sandbox.process.running_market``."""
        return {
            "seed": self.seed,
            "companies": self.companies,
            "start": self.start,
            "days": self.days,
        }


def anchor(
    home: Path | str,
    today: date,
    *,
    companies: int = COMPANIES,
    days: int = DAYS,
    seed: int = SEED,
) -> Anchor:
    """Read ``<home>/sandbox/market.json``, or write it with a history that ends today.

    A kept file wins over the arguments. Raises ``ValueError`` naming the file when it is unusable;
    the remedy is to delete it.
    """
    path = Path(home) / "sandbox" / "market.json"
    if path.exists():
        try:
            kept = json.loads(path.read_text("utf-8"))
            return Anchor(
                int(kept["seed"]),
                int(kept["companies"]),
                date.fromisoformat(kept["start"]),
                int(kept["days"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path} is no market's anchor ({error}); delete it") from error
    made = Anchor(seed, companies, today - timedelta(days=days), days)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    text = json.dumps({**made.arguments(), "start": made.start.isoformat()}, indent=2)
    draft.write_text(f"{text}\n", "utf-8")
    os.replace(draft, path)
    return made
