"""Seeds that map what sources write to standard codes: complete, unambiguous, without gaps."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import pytest

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"


def rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8") as text:
        return list(csv.DictReader(text))


def test_every_alias_means_one_country_and_every_code_is_its_own_alias():
    found = rows("countries")
    assert len({row["alias"] for row in found}) == len(found)
    assert all(row["alias"] == row["alias"].lower() for row in found)
    codes = {row["country"]: row["country_code"] for row in found}
    assert len(codes) == len({row["country_code"] for row in found}) >= 200
    by_alias = {row["alias"]: row["country"] for row in found}
    for country, code in codes.items():
        assert by_alias[code.lower()] == country == by_alias[country.lower()]


def test_every_alias_means_one_industry_of_naics():
    found = rows("industries")
    assert len({row["alias"] for row in found}) == len(found)
    assert all(row["alias"] == row["alias"].lower() and row["alias"].isascii() for row in found)
    titles = {row["naics_code"]: row["naics_title"] for row in found}
    assert {
        row["naics_code"] for row in found if row["naics_title"] != titles[row["naics_code"]]
    } == set()
    # All sectors of NAICS 2022, as it numbers them.
    numbers = "11 21 22 23 31 32 33 42 44 45 48 49 51 52 53 54 55 56 61 62 71 72 81 92"
    assert {code[:2] for code in titles} == set(numbers.split())


@pytest.mark.parametrize(
    ("name", "low", "high", "first", "last"),
    [("sic_industries", "sic_from", "sic_to", 100, 9999),
     ("size_bands", "employees_from", "employees_to", 1, 10_000_000)],
)  # fmt: skip
def test_ranges_meet_no_other_and_come_in_order(name, low, high, first, last):
    ranges = [(int(row[low]), int(row[high])) for row in rows(name)]
    assert (ranges[0][0], ranges[-1][1]) == (first, last)
    for (start, end), (following, _) in pairwise(ranges):
        assert start <= end < following
    if name == "size_bands":
        assert all(end + 1 == following for (_, end), (following, _) in pairwise(ranges))


def test_the_bands_are_those_a_suggested_profile_speaks_of():
    from ml.icp_suggestion import SIZE_BANDS, size_label

    assert [row["size_band"] for row in rows("size_bands")] == [size_label(b) for b in SIZE_BANDS]


def test_every_industry_has_one_name_that_is_an_alias_of_its_own():
    found = rows("industries")
    names = {row["industry"] for row in found}
    by_alias = {row["alias"]: row["industry"] for row in found}
    assert {name for name in names if by_alias[name.lower()] != name} == set()
    coded = rows("industry_codes")
    assert {row["industry"] for row in coded} <= names
    assert len({(row["industry"], row["naics_code"]) for row in coded}) == len(coded)
    # What a company of an industry is coded as lies within what a wish for the industry means.
    codes = {name: [r["naics_code"] for r in coded if r["industry"] == name] for name in names}
    outside = {
        row["alias"]
        for row in found
        if codes[row["industry"]]
        and not any(row["naics_code"].startswith(code) for code in codes[row["industry"]])
    }
    assert outside == {"media", "information", "media & entertainment", "media and entertainment"}


def test_every_country_is_in_one_region_and_regions_are_of_countries():
    codes = {row["country_code"] for row in rows("countries")}
    placed = rows("country_regions")
    assert [row["country_code"] for row in placed] == sorted(codes)
    assert {row["region"] for row in placed} == {"Africa", "Americas", "Asia", "Europe", "Oceania"}
    regions = rows("regions")
    assert len({row["alias"] for row in regions}) == len(regions)
    assert {row["alias"] for row in regions} & {row["alias"] for row in rows("countries")} == set()
    members = {row["alias"]: set(row["country_codes"].split()) for row in regions}
    assert set().union(*members.values()) == codes
    assert members["dach"] == {"AT", "CH", "DE"}
    assert members["emea"] > members["europe"] > members["nordics"] > members["scandinavia"]
    assert len(members["eu"]) == 27
