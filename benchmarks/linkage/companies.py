"""Invented companies as several sources write them, of any number, the same from the same seed."""

from __future__ import annotations

import random

import pyarrow as pa

from benchmarks.linkage.variations import vary
from ml.identity.records import RECORD_SCHEMA

SEED = 20_261_101
_SYLLABLES = (
    "or", "vane", "tam", "forge", "lark", "spur", "plo", "ver", "fjor", "mark", "bo", "rel", "quin",
    "vard", "sel", "mer", "hal", "cor", "dun", "wick", "no", "lund", "tis", "wen", "gra", "pel",
    "sto", "bri", "kel", "ra", "zan", "ti", "mo", "lex", "dra", "fin", "cas", "ul", "vex", "ost",
)  # fmt: skip
_KINDS = (
    "Industries", "Technologies", "Systems", "Foods", "Energy", "Capital", "Logistics", "Labs",
    "Software", "Pharmaceuticals", "Group", "International", "Services", "Media", "Partners",
)  # fmt: skip
_FORMS = ("Inc.", "LLC", "Corp.", "Ltd", "GmbH", "B.V.", "S.A.", "")
_STREETS = ("Elm St", "Oak Ave", "Mill Rd", "Quay", "Ford Lane", "Pine St", "Vale Dr", "High St")
_CITIES = ("Boston", "Leeds", "Utrecht", "Lyon", "Austin", "Bremen", "Turin", "Malmo", "Porto")


def companies(records: int, seed: int = SEED) -> tuple[pa.Table, list[int]]:
    """About ``records`` records and the company of each: one to four records a company.

    A source tells the domain of two thirds, the telephone and the address of half of its companies;
    every second record's name is written in another way than the register's.
    """
    rng = random.Random(seed)
    rows: dict[str, list] = {field.name: [] for field in RECORD_SCHEMA}
    truth: list[int] = []
    company = 0
    while len(truth) < records:
        stem = "".join(rng.choices(_SYLLABLES, k=rng.choice((3, 3, 4)))).capitalize()
        kind = rng.choice(_KINDS)
        name = f"{stem} {kind} {rng.choice(_FORMS)}".strip()
        telephone = f"{rng.randrange(200, 999)}{rng.randrange(1000000, 9999999)}"
        address = f"{rng.randrange(1, 2000)} {rng.choice(_STREETS)}"
        city = rng.choice(_CITIES)
        for _ in range(min(rng.choice((1, 2, 2, 3, 4)), records - len(truth))):
            written = vary(name, rng, 1)[0] if rng.random() < 0.5 else name
            rows["record_key"].append(f"r{len(truth)}")
            rows["name"].append(written)
            rows["domain"].append(
                f"{stem.lower()}{company}.example" if rng.random() < 0.66 else None
            )
            rows["cik"].append(None)
            rows["address"].append(address if rng.random() < 0.5 else None)
            rows["postcode"].append(None)
            rows["city"].append(city)
            rows["country"].append(None)
            rows["phone"].append(telephone if rng.random() < 0.5 else None)
            for empty in ("latitude", "longitude", "people", "topics"):
                rows[empty].append(None)
            truth.append(company)
        company += 1
    return pa.table(rows, schema=RECORD_SCHEMA), truth
