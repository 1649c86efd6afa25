"""Job postings: each field from the vendor's field or the words, with its evidence."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from html import escape

import pytest

from detection.job_postings import cues, location, pay, recruiters, workplace, years
from detection.job_postings.payloads import advert_of
from detection.job_postings.reading import fingerprint, read_advert, read_text
from detection.job_postings.skills import compile_list, skill_list
from detection.job_postings.text import lines_of, plain_text
from detection.readers import READERS, read_rows

DESCRIPTION = """
<p>Harrow &amp; Finch builds tools for wineries.</p>
<h3>Your tasks</h3><ul><li>Run our pipelines on Kubernetes</li><li>Coach colleagues</li></ul>
<h3>Your profile</h3><ul>
<li><p>5+ years of experience with Python and PostgreSQL</p></li>
<li>Project management and communication skills</li>
<li>Bachelor's degree in computer science</li>
<li>Experience with Tableau is a plus</li></ul>
<p><strong>Nice to have</strong></p><ul><li>AWS certified</li><li>Terraform</li></ul>
<h3>What we offer</h3><p>The base salary is $120,000 - $150,000 per year.</p>
<p>We use Slack for lunch orders. Hybrid model: three days per week in our office.</p>
"""


def test_a_description_is_read_with_its_sections() -> None:
    read = read_text(DESCRIPTION)
    assert {t.name: t.requirement for t in read.technologies} == {
        "Kubernetes": "mentioned",
        "Python": "required",
        "PostgreSQL": "required",
        "Tableau": "preferred",
        "Terraform": "preferred",
        "Amazon Web Services": "preferred",
    }
    assert {s.name: s.requirement for s in read.skills} == {
        "Computer science": "required",
        "Project management": "required",
        "Communication": "required",
    }
    assert [(c.name, c.requirement) for c in read.certifications] == [
        ("AWS Certified", "preferred")
    ]
    assert read.years == years.Years(5, None, "5+ years of experience with Python and PostgreSQL")
    assert read.pay == pay.Pay(
        120_000, 150_000, "USD", "year", "The base salary is $120,000 - $150,000 per year."
    )
    assert read.degree == ("bachelor", "Bachelor's degree in computer science")
    assert read.workplace is not None
    assert read.workplace[0] == "hybrid"
    assert read.recruiter is None


def test_escaped_html_and_plain_text_say_the_same() -> None:
    escaped = read_text(escape(DESCRIPTION))
    assert escaped == read_text(DESCRIPTION)
    plain = read_text(plain_text(DESCRIPTION))
    assert plain.technologies == escaped.technologies
    assert plain.fingerprint == escaped.fingerprint


def test_lines_know_their_section_in_three_languages() -> None:
    text = "Aufgaben\n• Kunden beraten\nDein Profil\n• Englisch\nVon Vorteil:\n• Französisch"
    assert [(line.text, line.section) for line in lines_of(text) if line.is_item] == [
        ("Kunden beraten", "duties"),
        ("Englisch", "required"),
        ("Französisch", "preferred"),
    ]
    french = lines_of("Vos missions :\n- Vendre\nProfil recherché\n- Anglais\nNous offrons\n- RTT")
    assert [line.section for line in french if line.is_item] == ["duties", "required", "other"]


@pytest.mark.parametrize(
    ("line", "low", "high", "currency", "period"),
    [
        ("Salary: $151K - $231K", 151_000, 231_000, "USD", "year"),
        ("£45,000 to £55,000 per annum", 45_000, 55_000, "GBP", "year"),
        ("Gehalt: 60.000 € - 75.000 € brutto/Jahr", 60_000, 75_000, "EUR", "year"),
        ("Vergütung € 4.200 bis 5.100 monatlich", 4_200, 5_100, "EUR", "month"),
        ("Pay is $28.50 - $34.00 per hour", 28.5, 34, "USD", "hour"),
        ("between CHF 110'000 and 130'000 per year", 110_000, 130_000, "CHF", "year"),
        ("Rémunération : 45 000 € à 52 000 € par an", 45_000, 52_000, "EUR", "year"),
        ("The base pay is $95,000 annually", 95_000, 95_000, "USD", "year"),
        ("Range: 60-70k EUR", 60_000, 70_000, "EUR", "year"),
    ],
)
def test_pay(line: str, low: float, high: float, currency: str, period: str) -> None:
    found = pay.read_pay([("", line)])
    assert found is not None
    assert (found.low, found.high, found.currency, found.period) == (low, high, currency, period)
    assert found.evidence == line


@pytest.mark.parametrize(
    "line",
    [
        "We raised $25M - $30M in funding",
        "A sign-on bonus of $5,000",
        "You manage a budget of $200,000 to $300,000",
        "Fertility benefit (up to $10,000 per year)",
        "Over 100,000 - 200,000 users",
        "401(k) match up to $4,000",
        "Revenue grew from $100,000 to $900,000",
    ],
)
def test_what_is_no_pay(line: str) -> None:
    assert pay.read_pay([("", line)]) is None


def test_ranges_of_two_towns_are_joined() -> None:
    lines = [
        ("", "New York: $150,000 - $180,000 base salary"),
        ("", "Elsewhere: $130,000 - $160,000 base salary"),
    ]
    found = pay.read_pay(lines)
    assert found is not None
    assert (found.low, found.high) == (130_000, 180_000)


@pytest.mark.parametrize(
    ("line", "low", "high"),
    [
        ("3-5 years of experience in sales", 3, 5),
        ("At least three years' experience as a nurse", 3, None),
        ("Mindestens 4 Jahre Berufserfahrung", 4, None),
        ("5 ans d'expérience en comptabilité", 5, None),
        ("8+ years of experience, of which 3 years managing people", 8, None),
    ],
)
def test_years(line: str, low: int, high: int | None) -> None:
    found = years.read_years([("opening", line)])
    assert found is not None
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize(
    ("section", "line"),
    [
        ("opening", "A company with 20 years of experience"),
        ("required", "You must be 18 years of age"),
        ("other", "A sabbatical after 5 years of experience here"),
        ("required", "Ideally 10 years of experience"),
        ("preferred", "10 years of experience"),
        ("opening", "For over 30 years we have built boats"),
    ],
)
def test_what_is_no_demand_for_years(section: str, line: str) -> None:
    assert years.read_years([(section, line)]) is None


@pytest.mark.parametrize(
    ("text", "country", "places"),
    [
        ("San Francisco, CA", None, [("San Francisco", "California", "United States")]),
        ("Remote, Italy", None, [(None, None, "Italy")]),
        ("Remote (US)", None, [(None, None, "United States")]),
        ("USA DC Washington", None,
         [("Washington", "District of Columbia", "United States")]),
        ("Munich / Berlin", None, [("Munich", None, "Germany"), ("Berlin", None, "Germany")]),
        ("New York City, NY | Seattle, WA", None,
         [("New York", "New York", "United States"), ("Seattle", "Washington", "United States")]),
        ("Sydney, New South Wales, Australia", None,
         [("Sydney", "New South Wales", "Australia")]),
        ("Ontario, Canada", None, [(None, "Ontario", "Canada")]),
        ("München", "Germany", [("Munich", None, "Germany")]),
        ("Hybrid - London", None, [("London", None, "United Kingdom")]),
        ("Smallville Heights, IL", None,
         [("Smallville Heights", "Illinois", "United States")]),
        ("NYC Office", None, [("New York", None, "United States")]),
        ("Europe", None, []),
        ("Multiple locations", None, []),
        ("Cambridge", "United Kingdom", [("Cambridge", None, "United Kingdom")]),
    ],
)  # fmt: skip
def test_places(text: str, country: str | None, places: list[tuple]) -> None:
    found = location.read_places(text, country)
    assert [(p.city, p.region, p.country) for p in found] == places


def test_workplace_from_field_name_and_text() -> None:
    assert workplace.of_field("On-site") == "on_site"
    assert workplace.of_field("unspecified") is None
    assert workplace.of_name("Remote Sensing Engineer") is None
    assert workplace.of_name("Account Executive (Remote)") == "remote"
    assert workplace.of_lines(["This role is fully remote."])[0] == "remote"
    # Days in the office make it hybrid, whatever else it is called.
    both = ["This is a remote role.", "You are in our office two days a week, in our Oslo office"]
    assert workplace.of_lines(both)[0] == "hybrid"
    assert workplace.of_lines(["We ship remote controls."]) is None


def test_agencies_are_told_by_name_or_words() -> None:
    assert recruiters.by_name("Larkfield Staffing")
    assert not recruiters.by_name("Larkfield Software")
    assert recruiters.of_line("Our client, a leading brewer, is hiring")
    assert recruiters.of_line("Für unseren Kunden in Bremen suchen wir")
    assert recruiters.of_line("You advise our clients on tax") is None


def test_the_matcher_changes_no_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    with_matcher = read_text.__wrapped__(DESCRIPTION)
    monkeypatch.setattr("detection.job_postings.reading.cue_lines", lambda lines: None)
    assert read_text.__wrapped__(DESCRIPTION) == with_matcher
    assert cues.cue_lines(["Bonjour", "10 ans d'expérience"])["years"] == [1]


def test_every_skill_form_is_found_by_its_own_words() -> None:
    for form in skill_list().forms():
        line = "Knowledge of " + " ".join(form.exact or form.words) + " wanted"
        assert form.term in skill_list().find(line), form


def test_a_malformed_skill_names_itself() -> None:
    with pytest.raises(ValueError, match="'Alpha = ,'"):
        compile_list({"skills": {"one": ["Alpha = ,"]}})
    with pytest.raises(ValueError, match="hobbies"):
        compile_list({"hobbies": {}})


def test_fingerprints_ignore_spacing_case_and_numbers() -> None:
    assert fingerprint("We need 3 Cooks.") == fingerprint("we  need\n7 cooks")
    assert fingerprint("We need cooks") != fingerprint("We need waiters")
    assert fingerprint(" 12 ") is None


GREENHOUSE = {
    "id": 4001,
    "title": "Senior Data Engineer",
    "company_name": "Harrow & Finch",
    "location": {"name": "Hybrid - Lyon, France"},
    "departments": [{"name": "Platform"}],
    "offices": [{"name": "Lyon", "location": "Lyon, France"}],
    "first_published": "2026-03-01T09:00:00-05:00",
    "updated_at": "2026-03-04T09:00:00-05:00",
    "absolute_url": "https://boards.example/harrow/4001",
    "content": escape(DESCRIPTION),
    "pay_input_ranges": [
        {"min_cents": 9000000, "max_cents": 11000000, "currency_type": "EUR", "title": "Lyon"}
    ],
}
LEVER = {
    "id": "l1",
    "text": "Werkstudent Vertrieb",
    "categories": {"department": "Sales", "location": "Hamburg", "commitment": "Part-time",
                   "allLocations": ["Hamburg", "Cologne"]},
    "country": "DE",
    "workplaceType": "on-site",
    "createdAt": 1_772_400_000_000,
    "descriptionPlain": "Für unseren Kunden in Hamburg suchen wir dich.",
    "lists": [{"text": "Dein Profil", "content": "<li>Salesforce Kenntnisse</li>"}],
    "salaryRange": {"min": 15, "max": 18, "currency": "EUR", "interval": "per-hour-wage"},
    "hostedUrl": "https://jobs.example/l1",
}  # fmt: skip
ASHBY = {
    "id": "a1",
    "title": "Account Executive",
    "department": "Revenue",
    "employmentType": "FullTime",
    "location": "Remote (US)",
    "isRemote": True,
    "workplaceType": None,
    "address": {"postalAddress": {"addressCountry": "United States"}},
    "secondaryLocations": [
        {"location": "Austin, TX", "address": {"postalAddress": {
            "addressLocality": "Austin", "addressRegion": "TX", "addressCountry": "USA"}}}
    ],
    "publishedAt": "2026-02-02T10:00:00.000+00:00",
    "jobUrl": "https://jobs.example/a1",
    "compensation": {
        "compensationTierSummary": "$100K – $120K",
        "summaryComponents": [
            {"compensationType": "EquityCashValue", "minValue": None, "maxValue": None},
            {"compensationType": "Salary", "interval": "1 YEAR", "currencyCode": "USD",
             "minValue": 100000, "maxValue": 120000},
        ],
    },
}  # fmt: skip
WORKDAY = {
    "jobPostingInfo": {
        "title": "Warehouse Lead",
        "location": "Germany Berlin",
        "additionalLocations": ["Germany Hamburg"],
        "country": {"descriptor": "Germany"},
        "remoteType": "On-site",
        "timeType": "Full time",
        "startDate": "2026-03-09",
        "jobDescription": "<p>Lead a shift.</p>",
        "externalUrl": "https://harrow.wd3.myworkdayjobs.com/jobs/job/1",
    },
    "hiringOrganization": {"name": "Harrow & Finch GmbH"},
}
ADZUNA = {
    "id": "77",
    "title": "Credit Controller",
    "company": {"display_name": "Larkfield Recruitment"},
    "category": {"label": "Accounting & Finance Jobs"},
    "location": {"display_name": "Leeds, West Yorkshire",
                 "area": ["UK", "Yorkshire And The Humber", "West Yorkshire", "Leeds"]},
    "salary_min": 30000, "salary_max": 34000, "salary_is_predicted": "0",
    "contract_time": "full_time",
    "created": "2026-03-10T07:00:00Z",
    "description": "Our client, a brewer, needs a credit controller.",
    "redirect_url": "https://search.example/77",
}  # fmt: skip
USAJOBS = {
    "MatchedObjectId": "900",
    "MatchedObjectDescriptor": {
        "PositionTitle": "Supervisory Accountant",
        "OrganizationName": "Bureau of Canals",
        "PositionURI": "https://federal.example/900",
        "PositionLocation": [
            {"LocationName": "Denver, Colorado", "CountryCode": "United States",
             "CountrySubDivisionCode": "Colorado", "CityName": "Denver, Colorado"}
        ],
        "PositionRemuneration": [
            {"MinimumRange": "99000", "MaximumRange": "120000", "RateIntervalCode": "PA"}
        ],
        "PublicationStartDate": "2026-03-02T00:00:00.0000",
        "ApplicationCloseDate": "2026-03-20T23:59:59.9970",
        "UserArea": {"Details": {"JobSummary": "Keep the books.", "RemoteIndicator": False}},
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("source", "payload", "place", "remote", "employment", "salary", "opened"),
    [
        ("greenhouse", GREENHOUSE, ("Lyon", None, "France"), "hybrid", None,
         (90_000, 110_000, "EUR", "year"), date(2026, 3, 1)),
        ("lever", LEVER, ("Hamburg", None, "Germany"), "on_site", "internship",
         (15, 18, "EUR", "hour"), date(2026, 3, 1)),
        ("ashby", ASHBY, ("Austin", "Texas", "United States"), "remote", "full_time",
         (100_000, 120_000, "USD", "year"), date(2026, 2, 2)),
        ("workday", WORKDAY, ("Berlin", None, "Germany"), "on_site", "full_time", None,
         date(2026, 3, 9)),
        ("adzuna", ADZUNA, ("Leeds", "Yorkshire And The Humber", "United Kingdom"), None,
         "full_time", (30_000, 34_000, "GBP", "year"), date(2026, 3, 10)),
        ("usajobs", USAJOBS, ("Denver", "Colorado", "United States"), None, None,
         (99_000, 120_000, "USD", "year"), date(2026, 3, 2)),
    ],
)  # fmt: skip
def test_each_vendor_in_its_own_shape(
    source: str, payload: dict, place: tuple, remote: str | None, employment: str | None,
    salary: tuple | None, opened: date,
) -> None:  # fmt: skip
    read = read_advert(advert_of(source, payload))
    assert read.place is not None
    assert (read.place.city, read.place.region, read.place.country) == place
    assert (read.remote_option, read.employment_type) == (remote, employment)
    told = read.pay and (read.pay.low, read.pay.high, read.pay.currency, read.pay.period)
    assert told == salary
    assert read.advert.opened_on == opened


def test_the_rest_of_what_vendors_state() -> None:
    lever = read_advert(advert_of("lever", LEVER))
    assert lever.is_recruiter
    assert lever.evidence["recruiter"].startswith("Für unseren Kunden")
    assert [(t.name, t.requirement) for t in lever.text.technologies] == [
        ("Salesforce", "required")
    ]
    assert [p.city for p in lever.other_places] == ["Cologne"]
    adzuna = read_advert(advert_of("adzuna", ADZUNA))
    assert adzuna.is_recruiter
    assert adzuna.advert.company_name == "Larkfield Recruitment"
    predicted = read_advert(advert_of("adzuna", ADZUNA | {"salary_is_predicted": "1"}))
    assert predicted.pay is None
    assert advert_of("usajobs", USAJOBS).closes_on == date(2026, 3, 20)


def test_the_reader_gives_one_row_a_posting_and_sets_aside_what_it_cannot_read() -> None:
    def row(payload: object, number: int) -> dict:
        text = json.dumps(payload)
        return {
            "source": "greenhouse", "stream": "jobs", "record_id": f"harrow/{number}",
            "observed_at": datetime(2026, 3, 4, tzinfo=UTC),
            "fetched_at": datetime(2026, 3, 5, tzinfo=UTC),
            "source_url": "https://boards.example/harrow", "payload": text,
            "payload_sha256": hashlib.sha256(text.encode()).hexdigest(),
        }  # fmt: skip

    result = read_rows(READERS["job_postings"], [row(GREENHOUSE, 1), row({"id": 2}, 2)])
    [found] = result.rows
    assert (found.title, found.level, found.department) == ("Senior Data Engineer", None, "data")
    assert (found.city, found.country, found.stated_department) == ("Lyon", "France", "Platform")
    assert json.loads(found.required_skills) == [
        "Project management",
        "Communication",
        "Computer science",
    ]
    assert json.loads(found.technologies)[0] == {
        "name": "Kubernetes",
        "category": "DevOps",
        "requirement": "mentioned",
    }
    evidence = json.loads(found.field_evidence)
    assert evidence["years"] == "5+ years of experience with Python and PostgreSQL"
    assert evidence["salary"] == "pay_input_ranges=Lyon"
    assert found.salary_source == "field"
    assert found.years_min == 5
    [refused] = result.rejected
    assert (refused.record_id, refused.rule) == ("harrow/2", "missing_field")
