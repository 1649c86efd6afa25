"""What is struck out of quarantine, and what is taken away from disk."""

from __future__ import annotations

import os
import time
from datetime import UTC, date, datetime

import pytest

from resources.leftovers import sweep
from resources.masking import mask
from resources.quarantine import Quarantine, set_aside


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ('{"First Name":"Ada","Company Name":"Marlow","Title":"CTO"}',
         '{"First Name":"[person]","Company Name":"Marlow","Title":"CTO"}'),
        ('{"person_email":"ada@marlow.example","amount":5}',
         '{"person_email":"[person]","amount":5}'),
        ('{"Mobile Phone": 15550132,"Work Email": "", "LinkedIn URL":"https://l.example/in/ada"}',
         '{"Mobile Phone": "[person]","Work Email": "", "LinkedIn URL":"[person]"}'),
        # Cut off in the middle, as excerpts are.
        ('{"Company":"Marlow","Full Name":"Ada Mar', '{"Company":"Marlow","Full Name":"[person]"'),
        ("write to ada.m+x@marlow.example or call +1 (555) 013-2233 today",
         "write to [e-mail] or call [phone] today"),
        ("Authorization: Bearer abc.def-123456789", "Authorization: Bearer [secret]"),
        ("asked https://x.example/?api_key=s3cr3tvalue&page=2",
         "asked https://x.example/?api_key=[secret]&page=2"),
        ('{"password":"hunter22","user":"x"}', '{"password":"[secret]","user":"x"}'),
        ("token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc", "token [secret]"),
        # What looks alike and is neither: days, times, amounts, ids, versions.
        ("2026-06-10 14:05:00 raised $24,500,000 in CIK 0001234567, filing 0001234567-26-000123",
         "2026-06-10 14:05:00 raised $24,500,000 in CIK 0001234567, filing 0001234567-26-000123"),
        ("column 'Announced' (announced_on) '06/31/2026' is no date",
         "column 'Announced' (announced_on) '06/31/2026' is no date"),
        (None, None),
    ],
)  # fmt: skip
def test_masking(text, masked):
    assert mask(text) == masked


def test_quarantine_holds_nothing_unmasked(tmp_path):
    quarantine = Quarantine(tmp_path)
    row = set_aside(
        "fetch", "zoominfo", "mapped_people", "contacts.csv line 3", "unreadable_value",
        "column 'Email' 'ada@marlow.example, bob' is no e-mail address",
        excerpt='{"Email":"ada@marlow.example","Company":"Marlow"}',
        quarantined_at=datetime(2026, 6, 15, tzinfo=UTC),
    )  # fmt: skip
    quarantine.add("fetch", date(2026, 6, 15), [row])
    [stored] = quarantine.read("fetch").to_pylist()
    assert stored["reason"] == "column 'Email' '[e-mail], bob' is no e-mail address"
    assert stored["excerpt"] == '{"Email":"[person]","Company":"Marlow"}'


def test_only_stale_temporary_files_of_ours_are_swept(tmp_path):
    def put(name: str, age_hours: float) -> None:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"12345")
        os.utime(path, (time.time() - 3600 * age_hours,) * 2)

    hexadecimal = "0123456789abcdef" * 2
    put(f"lake/sec/form_d/2026-06-15/.{hexadecimal}.tmp", 2)
    put(f"published/.current.{hexadecimal[:12]}.tmp", 30)
    put(f"lake/sec/form_d/2026-06-16/.{hexadecimal}.tmp", 0.1)
    put("lake/sec/form_d/2026-06-15/part.parquet", 99)
    put("drops/x/export.tmp", 99)
    put(".notes.tmp", 99)
    (tmp_path / f".{'a' * 32}.tmp").symlink_to(tmp_path / ".notes.tmp")
    swept = sweep(tmp_path)
    assert (swept.files, swept.bytes) == (2, 10)
    assert sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*.*")) == [
        f".{'a' * 32}.tmp", ".notes.tmp", "drops/x/export.tmp",
        "lake/sec/form_d/2026-06-15/part.parquet",
        f"lake/sec/form_d/2026-06-16/.{hexadecimal}.tmp",
    ]  # fmt: skip
    assert sweep(tmp_path / "nowhere").files == 0
