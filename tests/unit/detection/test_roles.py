"""Roles by their names in three languages, and questions for them in plain words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.role_questions import read_question, readings
from detection.roles import HOLDS, best_fit, find_roles, fit, folded, roles
from detection.titles import DEPARTMENTS, LEVELS


def test_the_list_speaks_the_words_of_the_title_reader():
    assert len(roles()) > 15
    for role in roles():
        assert role.level in (*LEVELS, None), role
        assert role.department in DEPARTMENTS, role
        assert all(name == folded(name) and name for name in role.names), role


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("CFO", "Chief Financial Officer"),
        ("the C.F.O.", "Chief Financial Officer"),
        ("Finanzvorständin", "Chief Financial Officer"),
        ("directrice financière", "Chief Financial Officer"),
        ("cheif finacial officer", "Chief Financial Officer"),
        ("Geschäftsführer", "Chief Executive Officer"),
        ("DSI", "Chief Information Officer"),
        ("VP of Sales", "VP of Sales"),
        ("who runs marketing", "head of marketing"),
    ],
)
def test_a_role_is_known_by_any_of_its_names(text, label):
    assert [role.label for role in find_roles(text)][:1] == [label]


def test_an_abbreviation_of_several_roles_means_each_of_them():
    found = find_roles("CPO")
    assert {role.label for role in found} == {
        "Chief People Officer", "Chief Product Officer", "Chief Procurement Officer",
    }  # fmt: skip
    assert sum(role.likelihood for role in found) == pytest.approx(1)
    assert find_roles("somebody nice") == ()


@pytest.mark.parametrize(
    ("title", "share"),
    [
        ("Chief Financial Officer and Treasurer", 1.0),
        ("Directeur financier", 1.0),
        ("Interim CFO", 0.9),
        ("Deputy CFO", 0.5),
        ("Chief Accounting Officer", 0.5),
        ("VP Finance", 0.45),
        ("Head of Finance", 0.35),
        ("Assistant to the CFO", 0.0),
        ("Chief Marketing Officer", 0.0),
    ],
)
def test_a_title_answers_to_a_role_as_far_as_it_says(title, share):
    assert fit(title, find_roles("CFO")[0]).share == share


@pytest.mark.parametrize(
    ("title", "share"),
    [
        ("Chief Executive Officer", 1.0),
        ("Managing Director", 1.0),
        ("Geschäftsführerin", 1.0),
        ("Managing Director, Sales", 0.4),
        ("General Manager Operations", 0.4),
        ("Vice President of Sales", 0.0),
    ],
)
def test_who_leads_a_part_does_not_lead_the_company(title, share):
    assert fit(title, find_roles("CEO")[0]).share == share


def test_who_runs_a_department_is_its_highest_rank():
    asked = find_roles("who leads data")
    shares = [
        best_fit(t, asked)[0].share for t in ("Chief Data Officer", "Head of Data", "Analyst")
    ]
    assert shares == [1.0, 0.8, 0.0]


@pytest.mark.parametrize(
    ("question", "role", "company"),
    [
        ("find the CFO at Nike", "CFO", "Nike"),
        ("who is the CTO at Salesforce?", "CTO", "Salesforce"),
        ("get me the CMO of Adobe", "CMO", "Adobe"),
        ("CEO of Bank of America", "CEO", "Bank of America"),
        ("Head of Data of Bank of America", "Head of Data", "Bank of America"),
        ("Nike's chief financial officer", "chief financial officer", "Nike"),
        ("Nike CFO", "CFO", "Nike"),
        ("head of IT, Nike", "head of IT", "Nike"),
        ("Wer ist der Vertriebsleiter bei Siemens?", "Vertriebsleiter", "Siemens"),
        ("qui est le directeur financier de Danone", "directeur financier", "Danone"),
        ("zelworth vp sales", "vp sales", "zelworth"),
        ("vp of sales zelworth", "vp of sales", "zelworth"),
        ("who is zelworth head of marketing?", "head of marketing", "zelworth"),
        ("sales vp Zelworth", "sales vp", "Zelworth"),
        ("Zelworth vp slaes", "vp slaes", "Zelworth"),
        ("procurment manager borel systems", "procurment manager", "borel systems"),
        ("head of data bank of america", "head of data", "bank of america"),
        ("sales bank head of data", "head of data", "sales bank"),
        ("Zelworth Vertriebsleiter", "Vertriebsleiter", "Zelworth"),
        ("find the person in charge of procurement at Acme",
         "person in charge of procurement", "Acme"),
    ],
)  # fmt: skip
def test_a_question_is_parted_into_role_and_company(question, role, company):
    found = read_question(question)
    assert (found.role_text, found.company_text) == (role, company)


def test_what_may_be_part_of_the_companys_name_is_left_to_the_companies():
    found = [(q.role_text, q.company_text) for q in readings("vp sales operations zelworth")]
    assert found == [("vp sales", "operations zelworth"), ("vp sales operations", "zelworth")]


def test_misspelt_words_of_a_role_are_set_right_and_believed_less():
    (role,) = find_roles("vice presidnt of marketting")
    assert (role.label, role.level, role.department) == (
        "vice president of marketing", "vp", "marketing",
    )  # fmt: skip
    assert 0.8 < role.likelihood < 1
    assert find_roles("vp zelworth")[0].department is None


@pytest.mark.parametrize("question", ["", "Nike", "hello", "find somebody at Nike", "at at at"])
def test_what_names_no_role_or_no_company_is_no_question(question):
    assert read_question(question) is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader_and_every_fit_is_a_share(text):
    found = read_question(text)
    assert found is None or (found.roles and found.company_text)
    for role in roles()[:3]:
        assert 0 <= fit(text, role).share <= 1
    assert 0 < HOLDS < 1
