"""``python -m benchmarks.buying_groups --home HOME ...``: are the market's buying groups found?

Compares the groups of one demo's home, or of several together, with their markets' truth and
prints the figures. With ``--learn`` the homes teach what rules weigh instead (seeds of dbt).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks.buying_groups.judging import compare_homes
from benchmarks.buying_groups.learning import learn_from


def main() -> None:
    """Print the figures and write ``build/buying_groups.json``."""
    parser = argparse.ArgumentParser(prog="benchmarks.buying_groups", description=__doc__)
    parser.add_argument("--home", type=Path, nargs="+", default=[Path("var")], help="demos' homes")
    parser.add_argument("--out", type=Path, default=Path("build"))
    parser.add_argument("--learn", action="store_true", help="learn what rules weigh from them")
    asked = parser.parse_args()
    if asked.learn:
        print(f"learned from {learn_from(asked.home)} people; run the line again to use it")
        return
    result = compare_homes(asked.home)
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "buying_groups.json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    show(result)


def show(result: dict[str, Any]) -> None:
    """Print what ``compare_homes`` gave."""
    coverage = result["coverage"]
    print(
        f"known: {coverage['known']} of {coverage['n']} who take a part; "
        f"{coverage['with_contacts_wanted']} of {coverage['accounts']} accounts have the contacts "
        "wanted"
    )
    print(f"{'':<11}{'what':<16}{'n':>6}{'said':>6}{'precision':>11}{'recall':>8}{'f1':>7}")
    for name in ("groups", "baseline"):
        part = result[name]
        rows = {"membership": part["membership"], "core": part["core"], **part["roles"]}
        if name == "groups":
            rows["untitled"] = result["untitled"]
        for what, row in rows.items():
            low, high = row["f1_interval"] or (0.0, 1.0)
            print(
                f"{name:<11}{what:<16}{row['n']:>6}{row['said']:>6}{row['precision']:>11.3f}"
                f"{row['recall']:>8.3f}{row['f1']:>7.3f} ({low:.3f}-{high:.3f})"
            )
        print(f"{name:<11}macro F1 of roles {part['macro_f1']:.3f}")
    for what, table in result["calibration"].items():
        if not table["n"]:
            continue
        print(f"{what}: expected calibration error {table['error']:.3f} of {table['n']}")
        for step in table["table"]:
            print(f"  said {step['said']:.2f}, is so {step['is_so']:.2f} (n {step['n']})")


if __name__ == "__main__":
    main()
