"""Values as people read them."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from activation import text


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        (0, "USD", "$0"),
        (999, "USD", "$999"),
        (999.6, "USD", "$1k"),
        (1_000, "EUR", "€1k"),
        (48_250, "USD", "$48.2k"),
        (999_600, "USD", "$1M"),
        (1_250_000, "GBP", "£1.25M"),
        (24_000_000, "USD", "$24M"),
        (310_000_000, "CHF", "CHF 310M"),
        (5.5e9, "USD", "$5.5B"),
        (-1_500, "USD", "-$1.5k"),
        (Decimal("12.4"), None, "$12"),
        (None, "USD", "-"),
        (math.nan, "USD", "-"),
        ("junk", "USD", "-"),
    ],
)
def test_money(amount, currency, expected):
    assert text.money(amount, currency) == expected


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0, "0%"), (0.004, "<1%"), (0.615, "62%"), (0.996, ">99%"), (1, "100%"), (None, "-")],
)
def test_percent(share, expected):
    assert text.percent(share) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((62, 30, 150), "62 days (30–150)"),
        ((62, 30, None), "62 days (30 or more)"),
        ((62, None, None), "62 days"),
        ((None, 180, None), "no sooner than 180 days"),
        ((None, None, None), "-"),
        ((math.nan, 180.0, math.nan), "no sooner than 180 days"),
    ],
)
def test_timing(days, expected):
    assert text.timing(*days) == expected


def test_deal_size():
    assert text.deal_size(48e3, 20e3, 110e3) == "$48k ($20k–$110k)"
    assert text.deal_size(48e3, None, 110e3) == "$48k"
    assert text.deal_size(None, 1, 2) == "-"


def test_text_from_outside_is_made_safe():
    assert text.clean("A\x1b[31mred\u202e\n title\ud800 ") == "A[31mred title"
    assert text.clean("abcdef", 4) == "abc…"
    assert text.clean(None) == ""
    assert text.markdown("[x](http://a) <b> a|b `c` *d*") == (
        "\\[x\\](http://a) \\<b\\> a\\|b \\`c\\` \\*d\\*"
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/x?y=1", "https://a.example/x?y=1"),
        ("javascript:alert(1)", None),
        ("https://a.example/x>y", None),
        ("https://", None),
        ("http://[bad", None),
        (None, None),
    ],
)
def test_only_plain_web_addresses_become_links(url, expected):
    assert text.safe_url(url) == expected


def test_days_are_utc():
    east = timezone(timedelta(hours=9))
    assert text.as_day(datetime(2026, 3, 20, 5, tzinfo=east)) == date(2026, 3, 19)
    assert text.as_day(datetime(2026, 3, 20, 5, tzinfo=UTC)) == date(2026, 3, 20)
    assert text.as_day(datetime(2026, 3, 20, 5)) == date(2026, 3, 20)
    assert text.as_day("2026-03-20T23:30:00-05:00") == date(2026, 3, 21)
    assert text.as_day("2026-03-20") == date(2026, 3, 20)
    assert text.as_day("soon") is None
    assert text.as_day(7) is None


def test_source_labels():
    assert text.source_label("sec_edgar") == "SEC EDGAR"
    assert text.source_label("other_feed") == "other feed"
    assert text.source_label(None) == "unknown source"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(79.6, "79"), (80, "80"), (Decimal("59.99"), "59"), (0.4, "0"), (100, "100"), (None, "-")],
)
def test_a_score_never_reads_like_the_tier_above(value, expected):
    assert text.score(value) == expected
