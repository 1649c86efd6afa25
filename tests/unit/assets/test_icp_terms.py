"""Words of a profile by the names that sources use, and what is refused in which words."""

from __future__ import annotations

import pytest

from assets.icp_terms import ICP_TERMS, icp_term_table, icp_terms, unknown_words
from assets.reference import export_icp_terms
from detection.places import _COUNTRY_ALIASES, REGIONS
from resources.config_errors import ConfigurationError
from resources.icp import IcpProfile, load_icp_profiles
from resources.settings import PROJECT_ROOT, Settings
from resources.standard_codes import place


def profile(**wishes: object) -> IcpProfile:
    said = {"industries": ["Retail"]} | wishes
    return IcpProfile(icp_profile_id="p", name="P", is_default=True, **said)


def terms(kind: str, **wishes: object) -> set[str]:
    return {term.term for term in icp_terms(profile(**wishes)) if term.term_type == kind}


@pytest.mark.parametrize(
    ("word", "met_by"),
    [
        ("SaaS", {"software", "naics:5132"}),
        ("FinTech", {"financial technology", "naics:5223"}),
        # No code of NAICS is health technology, or security software, alone.
        ("HealthTech", {"healthcare technology"}),
        ("infosec", {"cybersecurity"}),
        ("Manufacturing", {"manufacturing", "naics:31", "naics:32", "naics:33"}),
        ("naics:51", {"naics:51"}),
        ("Widget Weaving", {"widget weaving"}),
    ],
)
def test_an_industry_is_met_by_its_standard_name_and_codes(word, met_by):
    assert terms("industry", industries=[word]) == met_by


def test_places_are_countries_regions_and_codes():
    assert terms("geography", geographies=["US", "united kingdom", "Österreich"]) == {
        "US", "GB", "AT",
    }  # fmt: skip
    assert terms("geography", geographies=["DACH", "Benelux"]) == {
        "AT", "CH", "DE", "BE", "LU", "NL",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        (
            {"geographies": ["Germny"]},
            r"geographies: no country or region is called 'Germny' \(nearest: Germany.*ISO code",
        ),
        ({"geographies": ["California"]}, "'California'.*no states or cities"),
        ({"funding_stages": ["Serie B"]}, r"'Serie B' \(nearest: series_b.*known are pre_seed"),
        (
            {"decision_makers": {"titles": ["CPO"]}},
            "titles: 'CPO' may mean Chief People Officer or Chief Product Officer or Chief",
        ),
        ({"tech_stack": {"avoid": [" "]}}, "tech_stack.avoid: an empty word: take it out"),
    ],
)
def test_what_cannot_be_matched_is_refused_with_its_remedy(wishes, said):
    with pytest.raises(ConfigurationError, match=said) as raised:
        icp_terms(profile(**wishes))
    assert "profile 'p' of 'default'" in str(raised.value)


def test_a_tool_is_met_under_the_name_that_readers_give_it():
    stack = {"must_have": ["AWS", "k8s"], "nice_to_have": ["GA4"], "avoid": ["Legacy systems"]}
    wished = profile(tech_stack=stack, competitors=["pardot"])
    found = {(term.term_type, term.term) for term in icp_terms(wished)} - {("industry", "retail")}
    assert {kind_term for kind_term in found if kind_term[0] != "industry"} == {
        ("must_have", "amazon web services"), ("must_have", "kubernetes"),
        ("nice_to_have", "google analytics"), ("avoid", "legacy systems"),
        ("competitor", "salesforce pardot"),
    }  # fmt: skip


def test_a_title_is_met_however_it_is_written():
    found = terms("title", decision_makers={"titles": ["CTO", "VP Engineering", "Head of IT"]})
    assert found >= {
        "cto", "chief technology officer", "vp of engineering", "vice president engineering",
        "svp engineering", "head of information technology",
    }  # fmt: skip
    assert not {"engineering", "head", "vp"} & found


def test_a_name_that_heads_of_parts_bear_as_well_counts_in_its_department_only():
    found = {
        term.term: term.in_department
        for term in icp_terms(profile(decision_makers={"titles": ["CEO", "Chief Product Officer"]}))
        if term.term_type == "title"
    }
    assert (found["ceo"], found["managing director"]) == (None, "executive")
    assert (found["chief product officer"], found["cpo"]) == (None, "product")


def test_a_department_is_met_as_titles_are_read_and_as_boards_call_it():
    found = terms("department", decision_makers={"departments": ["IT", "RevOps"]})
    assert found >= {"information_technology", "information technology", "it", "revops",
                     "revenue operations"}  # fmt: skip
    assert "sales" not in found


def test_the_same_wish_twice_is_one_and_the_table_holds_its_schema():
    wished = profile(industries=["SaaS", "Software"], geographies=["US", "USA"])
    table = icp_term_table([wished])
    assert table.schema == ICP_TERMS
    rows = [(row["stated_term"], row["term"]) for row in table.to_pylist()]
    assert rows == [("SaaS", "software"), ("SaaS", "naics:5132"), ("US", "US")]


def test_words_of_no_list_are_told_with_the_nearest_known_ones():
    wished = profile(industries=["Sofware"], tech_stack={"must_have": ["Hubspott"]})
    industry, tool = unknown_words([wished])
    assert "profile 'p': industry 'Sofware' is in no list and compared as it stands" in industry
    assert "nearest: software" in industry
    assert "nearest: HubSpot" in tool


def test_the_shipped_profile_has_words_that_are_known():
    folder = PROJECT_ROOT / "config" / "icp"
    assert unknown_words(load_icp_profiles(folder)) == []


def test_a_refused_word_is_told_with_its_folder_before_anything_is_written(tmp_path):
    (tmp_path / "icp").mkdir()
    (tmp_path / "icp" / "mine.yaml").write_text(
        "is_default: true\nindustries: [SaaS]\ngeographies: [Gernamy]\n", "utf-8"
    )
    settings = Settings(home=tmp_path / "home", config_dir=tmp_path)
    with pytest.raises(ConfigurationError, match="icp: profile 'mine' of 'default': geograph"):
        export_icp_terms(settings)
    assert not settings.reference.exists()


def test_places_in_sentences_are_places_of_profiles_too():
    assert all(place(alias) == place(name) for alias, name in _COUNTRY_ALIASES.items())
    assert all(len(place(region).codes) > 1 for region in REGIONS)
