"""Pages that present who leads: every way of presenting, and what presents nobody."""

from __future__ import annotations

import pytest

from detection.leadership import person_name, position, read_leadership

CARDS = """<html><body><nav><a>Nav Person</a><span>CEO</span></nav><h1>Our leadership</h1>
<div class="card"><h3>Ida Plover</h3><p>Chief Executive Officer</p>
<p>Ida has led us since 2012. Before that she was President of Vance Ltd.</p></div>
<div class="card"><h3>TOM REED-ASH, MBA</h3><p>VP, Sales</p></div>
<div class="card"><h3>Dr. Greta van der Elm</h3><p>Interim CFO</p></div>
<h2>Board of Directors</h2>
<div><h3>Nora Wick</h3><p>Chairwoman of the Board</p></div>
<div><h3>Ida Plover</h3><p>Chief Executive Officer</p></div>
<h2>What customers say</h2>
<blockquote><b>Max Kline</b><i>Chief Technology Officer</i></blockquote>
<div class="testimonial-card"><b>Olga Kline</b><i>CEO, Orbvane</i></div>
<footer><b>Foot Person</b><i>President</i></footer></body></html>"""


def told(page: str) -> list[tuple[str, str]]:
    return [(x.person_name, x.position) for x in read_leadership(page.encode())]


def test_cards_with_board_quotes_and_navigation():
    found = {x.person_name: x for x in read_leadership(CARDS.encode())}
    assert [(x.position, x.level, x.is_interim, x.is_board_only) for x in found.values()] == [
        ("Chief Executive Officer", "c_suite", False, False),
        ("VP, Sales", "vp", False, False),
        ("Interim CFO", "c_suite", True, False),
        ("Chairwoman of the Board", "c_suite", False, True),
    ]
    assert list(found) == ["Ida Plover", "Tom Reed-Ash", "Greta van der Elm", "Nora Wick"]
    assert (
        found["Ida Plover"].element == "body > div.card > h3: Ida Plover, Chief Executive Officer"
    )


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr><td>Ida Plover</td><td>President</td></tr>"
        "<tr><td>Colin Reed</td><td>Head of Data</td></tr></table>",
        "<ul><li><b>Ida Plover</b>, President</li><li><b>Colin Reed</b> – Head of Data</li></ul>",
        "<p>Ida Plover | President</p><p>Colin Reed, PhD - Head of Data</p>",
        "<dl><dt>President</dt><dd>Ida Plover</dd><dt>Head of Data</dt><dd>Colin Reed</dd></dl>",
        "<div><p>President</p><h3>Ida Plover</h3></div><div><p>Head of Data</p><h3>Colin Reed</h3>"
        "</div>",
        '<script type="application/ld+json">{"@type": "Organization", "employee": ['
        '{"@type": "Person", "name": "Ida Plover", "jobTitle": "President"},'
        '{"@type": ["Person"], "name": "Colin Reed", "jobTitle": ["Head of Data"]}],'
        '"review": {"author": {"@type": "Person", "name": "Max Kline", "jobTitle": "CEO"}}}'
        "</script>",
    ],
)
def test_each_way_of_presenting(page):
    assert told(page) == [("Ida Plover", "President"), ("Colin Reed", "Head of Data")]


def test_german_and_french_positions():
    page = (
        "<li>Karl Brecht, Geschäftsführer</li><li>Anne-Marie du Pont, Directrice financière</li>"
        "<li>Jean-Luc d’Arcy, Directeur général</li>"
    )
    assert [(x.person_name, x.level) for x in read_leadership(page.encode())] == [
        ("Karl Brecht", "c_suite"),
        ("Anne-Marie du Pont", "director"),
        ("Jean-Luc d’Arcy", "c_suite"),
    ]


@pytest.mark.parametrize(
    "page",
    ["", "<html></html>", "<p>Ida Plover wrote this.</p><p>She is the CEO.</p>", "\x00\xff",
     "<h2>Our Leadership</h2><h2>Executive Team</h2>",
     '<script type="application/ld+json">{</script>'],
)  # fmt: skip
def test_a_page_that_presents_nobody(page):
    assert told(page) == []


def test_a_position_is_a_position_and_nothing_else():
    assert position("Board of Directors") is None
    assert position("We are led by a Chief Executive Officer") is None
    assert position("Account manager of the year. Again.") is None
    assert position("Chief People & Culture Officer") == "Chief People & Culture Officer"
    assert person_name("Ida Plover joins the board") is None
    assert person_name("Mary K. Fenn, CPA") == "Mary K. Fenn"


def test_a_huge_or_deep_page_is_read_in_bounds():
    assert told("<div>" * 3_000 + "<b>Ida Plover</b><i>President</i>") in (
        [], [("Ida Plover", "President")]
    )  # fmt: skip
    many = "".join(f"<li>Ida Plover{'a' * (n % 7)}, President</li>" for n in range(30_000))
    assert len(told(many)) == 7
