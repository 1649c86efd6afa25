"""Count and print what is found again: ``python -m benchmarks.recovery``."""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks import recovery
from benchmarks.generate import Plan
from benchmarks.recovery.events import AS_OF, EXTRA, HARD, OFFSETS, build, recover


def main() -> None:
    """Print the table and write ``build/recovery.json``."""
    parser = argparse.ArgumentParser(prog="benchmarks.recovery", description=recovery.__doc__)
    parser.add_argument("--companies", type=int, default=400)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--home", type=Path, help="folder to build in; kept (default: temporary)")
    parser.add_argument("--out", type=Path, default=Path("build"))
    asked = parser.parse_args()
    plan = Plan(asked.companies, AS_OF, asked.seed, OFFSETS, HARD, EXTRA)
    with tempfile.TemporaryDirectory(prefix="recovery-") as scratch:
        home = (asked.home or Path(scratch)).resolve()
        rows = recover(home, plan, build(home, plan))
    asked.out.mkdir(parents=True, exist_ok=True)
    named = {
        r.signal_type: asdict(r) | {"recall": r.recall, "precision": r.precision} for r in rows
    }
    (asked.out / "recovery.json").write_text(json.dumps(named, indent=2) + "\n", "utf-8")
    print(
        f"{'type':<22}{'happened':>9}{'found':>7}{'recall':>8}{'said':>7}{'right':>7}"
        f"{'precision':>11}{'namesakes':>11}"
    )
    for r in rows:
        print(
            f"{r.signal_type:<22}{r.true:>9}{r.found:>7}{r.recall:>8.3f}"
            f"{r.said:>7}{r.right:>7}{r.precision:>11.3f}{r.namesakes:>11}"
        )


if __name__ == "__main__":
    main()
