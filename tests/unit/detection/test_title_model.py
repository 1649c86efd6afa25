"""The title model: what it learns, what it leaves open, and the examples that it ships."""

from __future__ import annotations

import pytest

from detection.title_model import (
    TitleModel,
    TitleScorer,
    department_by_likeness,
    department_of,
    fit_shipped,
    letter_runs,
    normalized_title,
    shipped_examples,
)
from detection.titles import DEPARTMENTS, read_title

TITLES = [
    "Marketing Manager", "Marketingleiterin", "Leiter Marketing", "Marketing Assistant",
    "Sales Manager", "Vertriebsleiterin", "Leiter Vertrieb", "Sales Assistant",
]  # fmt: skip
LABELS = ["M"] * 4 + ["S"] * 4


def test_it_learns_what_it_is_shown_and_nothing_else() -> None:
    model = TitleModel.fit(TITLES, LABELS)
    assert model.labels == ("M", "S")
    assert model.predict(["Marketingassistenz", "Vertriebsassistenz"]) == ["M", "S"]
    # The same titles under exchanged labels give exchanged answers.
    other = TitleModel.fit(TITLES, LABELS[::-1])
    assert other.predict(["Marketingassistenz", "Vertriebsassistenz"]) == ["S", "M"]


def test_two_classes_give_margins_in_the_order_of_likeness() -> None:
    model = TitleModel.fit(TITLES, LABELS)
    (sure, close), (label, far) = model.predict_with_margin(["Leiter Marketing", "Marketing Sales"])
    assert sure == "M"
    assert label in ("M", "S")
    assert close > far >= 0


def test_tables_of_weights_answer_as_the_model_they_were_made_of() -> None:
    model = fit_shipped()
    scorer = TitleScorer.of(model)
    letters = dict(model._features.transformer_list)["letters"].build_analyzer()
    titles = [*shipped_examples()[0][::7], "Lagerist (m/w/d)", "Data  wizard", "R & D", "é", "???"]
    assert [letter_runs(title) for title in titles] == [letters(title) for title in titles]
    for mine, theirs in zip(
        scorer.predict_with_margin(titles), model.predict_with_margin(titles), strict=True
    ):
        assert mine == (theirs[0], pytest.approx(theirs[1], abs=1e-9))


def test_a_model_of_two_labels_has_no_tables() -> None:
    with pytest.raises(ValueError, match="two labels"):
        TitleScorer.of(TitleModel.fit(TITLES, LABELS))


def test_one_class_is_refused() -> None:
    with pytest.raises(ValueError, match="two labels"):
        TitleModel.fit(["a", "b"], ["M", "M"])


def test_titles_that_read_the_same_are_one() -> None:
    assert normalized_title("Chargé(e)  d'ÉTUDES") == normalized_title("charge e d etudes")


def test_examples_are_of_known_departments_and_cover_each() -> None:
    titles, departments = shipped_examples()
    assert set(departments) == set(DEPARTMENTS)
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize(
    ("title", "department"),
    [
        ("Lohnbuchhalterinnen (m/w/d)", "finance"),
        ("Nurse Practitioners", "operations"),
        ("Senior Underwriters", "finance"),
        ("Redakteure", "marketing"),
        ("Techniciens de maintenance", "operations"),
    ],
)
def test_inflected_titles_are_known_by_likeness(title: str, department: str) -> None:
    assert department_of(title) == department


@pytest.mark.parametrize("title", ["", "  ", "zzz qqq", "???"])
def test_what_is_like_nothing_stays_unknown(title: str) -> None:
    assert department_by_likeness(title) is None


@pytest.mark.parametrize(
    ("title", "seniority"),
    [
        ("Chief Financial Officer", "management"),
        ("Geschäftsführerin", "management"),
        ("Directrice commerciale", "director"),
        ("Leiterin Einkauf", "lead"),
        ("Head of Data", "lead"),
        ("Senior Engineer", "senior"),
        ("Werkstudent Marketing", "junior"),
        ("Stagiaire communication", "junior"),
        ("Barista", None),
    ],
)
def test_seniority_in_three_languages(title: str, seniority: str | None) -> None:
    assert read_title(title).seniority == seniority


def test_a_rule_comes_before_likeness() -> None:
    assert department_of("VP of Sales") == read_title("VP of Sales").department == "sales"
