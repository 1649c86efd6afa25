from datetime import UTC, date, datetime

import pytest

from resources.mapped import values


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("$25M", 25e6, "USD"),
        ("€3.5 million", 3.5e6, "EUR"),
        ("1,750,000", 1.75e6, None),
        (' "17,50,000" '.strip(' "'), 1.75e6, None),
        ("EUR 1.2bn", 1.2e9, "EUR"),
        ("12.5m USD", 12.5e6, "USD"),
        ("500 000 SEK", 500_000.0, "SEK"),
        ("1.234.567,89", 1234567.89, None),
        ("A$4k", 4000.0, "AUD"),
        ("CHF40,000,000", 40e6, "CHF"),
        ("₩300,000,000", 300e6, "KRW"),
        ("zł240,000", 240_000.0, "PLN"),
        ("CN¥5M", 5e6, "CNY"),
        ("2 500 000 Kč", 2.5e6, "CZK"),
        # Three countries write so: the amount is known, the currency is not.
        ("kr4,000,000", 4e6, None),
        ("(250)", -250.0, None),
        (7.5, 7.5, None),
    ],
)
def test_money_as_exports_write_it(text, amount, currency):
    assert values.as_money(text) == (pytest.approx(amount), currency)


@pytest.mark.parametrize("text", ["", None, "n/a", "Undisclosed", "-", "  "])
def test_nothing_said_is_nothing(text):
    assert values.as_money(text) is None
    assert values.as_date(text) is None
    assert values.as_text(text) is None
    assert values.as_list(text) is None


@pytest.mark.parametrize("text", ["about 5", "5 apples each", "$1.2M to $2M", "ten"])
def test_what_is_no_money_is_said_to_be_none(text):
    with pytest.raises(ValueError, match="no amount of money"):
        values.as_money(text)


@pytest.mark.parametrize(
    ("value", "formats", "day"),
    [
        ("2026-05-12", (), date(2026, 5, 12)),
        ("2026-05-12T23:30:00Z", (), date(2026, 5, 12)),
        ("12-May-2026", (), date(2026, 5, 12)),
        ("May 12, 2026", (), date(2026, 5, 12)),
        ("May 2026", (), date(2026, 5, 1)),
        ("05/12/2026", ("%m/%d/%Y",), date(2026, 5, 12)),
        ("05/12/2026", ("%d/%m/%Y",), date(2026, 12, 5)),
        (datetime(2026, 5, 12), (), date(2026, 5, 12)),
        (1_778_544_000_000, (), date(2026, 5, 12)),
    ],
)
def test_days(value, formats, day):
    assert values.as_date(value, formats) == day


def test_a_day_that_may_mean_two_is_not_guessed():
    with pytest.raises(ValueError, match="declare its 'formats'"):
        values.as_date("05/06/2026")
    with pytest.raises(ValueError, match="year 3201 cannot be meant"):
        values.as_date("3201-01-01")


def test_moments_are_utc():
    nine = datetime(2026, 6, 1, 9, tzinfo=UTC)
    assert values.as_timestamp("2026-06-01T11:00:00+02:00") == nine
    assert values.as_timestamp("2026-06-01 09:00") == nine
    assert values.as_timestamp(1_780_304_400) == nine
    assert values.as_timestamp("1780304400000") == nine
    assert values.as_timestamp("2026-06-01") == datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [("1,250", None, 1250.0), ("1,25", None, 1.25), ("1.250", ",", 1250.0), ("38%", None, 0.38),
     ("-4", None, -4.0), ("22 400", None, 22400.0)],
)  # fmt: skip
def test_numbers(text, decimal, number):
    assert values.as_number(text, decimal) == pytest.approx(number)


def test_a_range_is_no_whole_number():
    with pytest.raises(ValueError, match="no number"):
        values.as_integer("51-200")
    assert values.as_integer("1,024") == 1024


def test_lists_domains_addresses_and_words():
    assert values.as_list("Foxglove; Harbour Lane, LLC; Foxglove") == [
        "Foxglove",
        "Harbour Lane, LLC",
    ]
    assert values.as_list(["a", " ", "b"]) == ["a", "b"]
    assert values.as_domain("https://www.Acme.example/about?x=1") == "acme.example"
    assert values.as_domain("ida@acme.example") == "acme.example"
    assert values.as_url("acme.example/jobs") == "https://acme.example/jobs"
    assert values.as_email(" Ida@Acme.Example ") == "ida@acme.example"
    assert values.as_boolean("Yes") is True
    assert values.as_boolean("former") is False
    assert values.as_text(4.0) == "4"
    assert values.as_text(["Remote", "Hybrid"]) == "Remote, Hybrid"
    for read, text in ((values.as_domain, "not a site"), (values.as_email, "ida at acme"),
                       (values.as_boolean, "perhaps"), (values.as_url, "see below")):  # fmt: skip
        with pytest.raises(ValueError, match=r"is no|neither"):
            read(text)
