"""Technologies named in texts: plain names, ambiguous ones in and out of context, and evidence."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detection.errors import UnreadableError
from detection.technology_names import (
    CERTAIN,
    LIKELY,
    LISTED,
    TechnologyNames,
    default_names,
    technologies_in,
)


def named(text: str) -> list[str]:
    return [mention.technology for mention in technologies_in(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Each ambiguous name once meant and once not.
        ("Our services are written in Go.", ["Go"]),
        ("We like Python, Go, and Rust.", ["Python", "Go", "Rust"]),
        ("You own the go-to-market plan. Go to our site and Go live with us.", []),
        ("Statistical programming in R or Python", ["R", "Python"]),
        ("Our R&D team; Mr. R. Example; Gen R, Gen Z", []),
        ("Embedded firmware in C and C++", ["C", "C++"]),
        ("You report to the C-suite after our Series C. Vitamin C for all.", []),
        ("Pipelines on Spark and Kafka", ["Apache Spark", "Apache Kafka"]),
        ("You Spark joy, and a Spark of genius is welcome", []),
        ("Experience with Segment is a plus", ["Segment"]),
        ("Lead our Enterprise Segment. Each Segment of the market counts.", []),
        ("PowerPoint and Outlook daily", ["Microsoft PowerPoint", "Microsoft Outlook"]),
        ("You Excel at planning and keep a positive Outlook on life", []),
        ("Backend in Java with Spring and Hibernate", ["Java", "Spring", "Hibernate"]),
        ("Internships start in Spring 2027, this Spring and next Spring", []),
        ("Sequences in Outreach, Salesloft or Gong", ["Outreach", "Salesloft", "Gong"]),
        ("Community Outreach and Outreach programs for schools", []),
        ("Front-end in React and TypeScript", ["React", "TypeScript"]),
        ("We React quickly to change, on the Front line, with Slack in the schedule.", []),
        ("Our ATS is Greenhouse", ["Greenhouse"]),
        ("We grow tomatoes in a Greenhouse and pull every Lever to cut emissions", []),
        ("Tools such as Notion, Linear and Figma", ["Notion", "Linear", "Figma"]),
        ("The Notion of Linear growth", []),
        ("R, SAS or Stata", ["R", "SAS", "Stata"]),
    ],
)  # fmt: skip
def test_ambiguous_names_count_only_where_tools_are_meant(text: str, expected: list[str]) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("python developer", ["Python"]),
        ("golang for fun", ["Go"]),
        ("C#, .NET, ASP.NET Core", ["C#", ".NET", "ASP.NET"]),
        ("Node.js/Next.js", ["Node.js", "Next.js"]),
        ("SAP S/4HANA, PL/SQL", ["SAP HANA", "PL/SQL"]),
        ("sap runs down the tree", []),
        ("Power BI, PowerBI and Power-BI", ["Power BI"]),
        ("scikit-learn or scikit learn", ["scikit-learn"]),
        ("JavaScripted Pythonic Javanese", []),
        ("Erfahrung mit HubSpot und Kenntnisse in Excel", ["HubSpot", "Microsoft Excel"]),
        ("", []),
    ],
)
def test_names_are_found_in_their_writings_and_as_whole_words(
    text: str, expected: list[str]
) -> None:
    assert named(text) == expected


def test_a_mention_shows_its_sentence_and_how_sure_it_is() -> None:
    text = "About us: we sell.\nYou know Salesforce and Gong well. We also have a dog."
    salesforce, gong = technologies_in(text)
    assert (salesforce.technology, salesforce.category, salesforce.vendor) == (
        "Salesforce", "CRM", "Salesforce",
    )  # fmt: skip
    assert salesforce.sentence == "You know Salesforce and Gong well."
    assert text[salesforce.start : salesforce.end] == salesforce.words == "Salesforce"
    assert (salesforce.confidence, gong.confidence) == (CERTAIN, LISTED)
    assert technologies_in("Your ATS is Lever.")[0].confidence == LIKELY


@pytest.mark.parametrize(
    ("text", "leaving"),
    [
        ("Help us migrate from Jenkins to GitHub Actions", {"Jenkins"}),
        ("You will replace Marketo with HubSpot", {"Marketo"}),
        ("We are moving our data off Teradata", {"Teradata"}),
        ("We introduce Workday HCM and keep Salesforce", set()),
    ],
)
def test_what_is_being_left_is_told_apart(text: str, leaving: set[str]) -> None:
    assert {m.technology for m in technologies_in(text) if m.is_leaving} == leaving


def test_the_own_list_is_large_and_every_name_of_it_is_found() -> None:
    names = default_names()
    assert len(names.technologies) >= 600
    for name in names.technologies:
        assert name in named(f"Experience with {name}, Figma and Zendesk"), name


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({"A": [{"name": "X", "alias": ["Y"]}]}, "has \\['alias'\\]"),
        ({"A": ["X", "X"]}, "is there twice"),
        ({"A": [{"vendor": "X"}]}, "nameless"),
        ({"A": [{"name": "X", "ambiguous": ["Z"]}]}, "names it not"),
    ],
)
def test_a_faulty_list_names_the_entry(document: dict, problem: str) -> None:
    with pytest.raises(UnreadableError, match=problem):
        TechnologyNames(document)


def test_a_long_text_takes_bounded_time() -> None:
    start = time.process_time()
    technologies_in("Go, " * 40_000)
    technologies_in("experience with " * 10_000 + "Go")
    assert time.process_time() - start < 5


@given(st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_text_is_read_without_a_fault(text: str) -> None:
    for mention in technologies_in(text):
        assert text[mention.start : mention.end] == mention.words
