"""Opportunities of invented sources: which belong together, and what holds; order is nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ml.opportunities.building import build_groups, build_opportunities, group_sources
from ml.opportunities.comparison import compare
from ml.opportunities.profiles import Profile
from ml.opportunities.records import Actor, Claim, Fragment, NextStep, Opportunity, WithdrawnRow
from ml.opportunities.stages import stage_of
from ml.opportunities.withdrawn import with_withdrawn

DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
AS_OF = date(2026, 3, 20)
BUYER = Actor("Ann Lee", "ann@kestrel.example", "customer")


def fragment(name: str, days: float = 0, *claims: Claim, **other) -> Fragment:
    values = {
        "fragment_id": name,
        "kind": name.partition(":")[0],
        "occurred_at": DAY + timedelta(days=days),
        "party": "kestrel.example",
        "actors": (BUYER,),
        "claims": claims,
    }
    return Fragment(**(values | other))


def quantity(low: float, high: float | None = None) -> Claim:
    return Claim("quantity", low, high or low, "unit", evidence=f"{low:g} units")


def price(low: float, high: float | None = None, currency: str = "EUR") -> Claim:
    return Claim("unit_price", low, high or low, "unit", currency)


def part(number: str) -> Claim:
    return Claim("part_number", value=number)


def product(name: str) -> Claim:
    return Claim("product", value=name)


def members(fragments: list[Fragment]) -> set[frozenset[str]]:
    return {
        frozenset(m.fragment_id for m in o.members) for o in build_opportunities(fragments, AS_OF)
    }


def test_mail_call_and_crm_of_one_deal_are_one_opportunity() -> None:
    got = build_opportunities(
        [
            fragment("mail:1", 0, product("driver"), part("LD-1"), quantity(500)),
            fragment("call:2", 4, product("driver"), quantity(500)),
            fragment("crm:3", 9, product("driver"), part("LD-1"), actors=()),
        ],
        AS_OF,
    )
    (opportunity,) = got
    assert [m.fragment_id for m in opportunity.members] == ["mail:1", "call:2", "crm:3"]
    assert all(m.probability > 0.8 for m in opportunity.members)
    assert "same product driver (+2)" in opportunity.members[1].reasons
    assert opportunity.title == "kestrel.example: driver LD-1"


def test_two_deals_of_one_customer_stay_two() -> None:
    first = fragment("mail:1", 0, product("driver"), part("LD-1"), quantity(500))
    second = fragment("mail:2", 1, product("driver"), part("LD-2"), quantity(500))
    between = fragment("call:3", 2, product("driver"), quantity(500))
    got = members([first, second, between])
    assert not any({"mail:1", "mail:2"} <= group for group in got)
    assert len(got) == 2
    other = fragment("mail:4", 1, product("housing"), quantity(500))
    assert len(members([first, other])) == 2


def test_customers_never_mix_and_a_name_finds_its_domain() -> None:
    mail = fragment("mail:1", 0, product("driver"), part("LD-1"))
    stranger = replace(mail, fragment_id="mail:2", party="other.example")
    named = replace(mail, fragment_id="call:3", party=None, company="Kestrel GmbH")
    assert members([mail, stranger, named]) == {
        frozenset({"mail:1", "call:3"}),
        frozenset({"mail:2"}),
    }


def test_one_conversation_is_one_deal() -> None:
    first = fragment("mail:1", 0, part("LD-1"), thread_id="t")
    second = fragment("mail:2", 90, part("LD-2"), thread_id="t")
    assert members([first, second]) == {frozenset({"mail:1", "mail:2"})}


def test_a_comparison_says_why() -> None:
    left = Profile(fragment("mail:1", 0, product("driver"), quantity(500), price(4.0)))
    right = Profile(fragment("mail:2", 1, product("driver"), quantity(5000), price(8.0)))
    link = compare(left, right)
    assert link.reasons == (
        "same product driver (+2)",
        "same person (+1)",
        "quantities far apart (-1)",
        "unit prices apart (-2)",
        "within 14 days (+1)",
    )
    assert link.weight == 1.5
    assert link.probability == 0.739


def test_authority_then_recency_and_every_candidate_is_kept() -> None:
    (got,) = build_opportunities(
        [
            fragment("mail:1", 0, part("LD-1"), quantity(500), price(4.0)),
            fragment("mail:2", 3, part("LD-1"), price(4.4), is_ours=True),
            fragment("call:3", 5, part("LD-1"), price(3.9), quantity(900)),
            fragment("mail:4", 6, part("LD-1"), quantity(800)),
        ],
        AS_OF,
    )
    assert (got.price_low, got.price_high, got.currency) == (4.4, 4.4, "EUR")
    assert (got.unit_low, got.unit_high) == (800, 800)
    assert (got.value, got.value_is_inferred) == (3520.0, True)
    clashes = {c.field: c for c in got.conflicts}
    assert set(clashes) == {"quantity", "unit_price"}
    assert clashes["unit_price"].reason == "authority 4 over 3"
    assert [c.claim.low for c in clashes["quantity"].candidates] == [500, 900, 800]
    assert [c.is_chosen for c in clashes["quantity"].candidates] == [False, False, True]
    assert "conflict" in got.tags


def test_what_was_written_goes_out_of_date() -> None:
    old = fragment("mail:1", 0, part("LD-1"), quantity(500))
    (soon,) = build_opportunities([old, fragment("call:2", 20, part("LD-1"), quantity(900))], AS_OF)
    (late,) = build_opportunities([old, fragment("call:2", 30, part("LD-1"), quantity(900))], AS_OF)
    assert (soon.unit_high, late.unit_high) == (500, 900)
    assert late.conflicts[0].reason == "later by more than 21 days"


def test_a_range_made_exact_is_no_conflict() -> None:
    (got,) = build_opportunities(
        [
            fragment("mail:1", 0, part("LD-1"), quantity(500, 1000)),
            fragment("mail:2", 5, part("LD-1"), quantity(800)),
        ],
        AS_OF,
    )
    assert (got.unit_low, got.unit_high, got.conflicts) == (800, 800, ())


def cue(name: str, days: float, *stages: str, ours: bool = False) -> Fragment:
    cues = tuple((s, 0.8, f"{s} said") for s in stages)
    return fragment(name, days, stage_cues=cues, is_ours=ours)


def test_stages_follow_cues_and_times() -> None:
    asks = cue("mail:1", 0, "rfq", "quoting")
    offers = cue("mail:2", 3, "rfq", "quoting", ours=True)
    assert stage_of([asks]) == ("rfq", "rfq said")
    assert stage_of([asks, offers]) == ("quoting", "quoting said")
    assert stage_of([offers, cue("mail:3", 9, "rfq")])[0] == "quoting"
    assert stage_of([asks, cue("mail:3", 9, "po_in_progress", "quoting")])[0] == "po_in_progress"
    assert stage_of([cue("mail:3", 1, "won"), cue("mail:4", 2, "lost")])[0] == "lost"
    assert stage_of([cue("mail:4", 2, "lost"), cue("mail:5", 3, "po_in_progress")])[0] == (
        "po_in_progress"
    )
    assert stage_of([cue("mail:1", 0, "research_concept", "rfq")])[0] == "research_concept"
    assert stage_of([fragment("mail:1")]) == ("research_concept", None)
    assert stage_of([fragment("mail:1", 0, quantity(5))]) == ("rfq", None)


def test_priority_actors_and_next_steps() -> None:
    step = NextStep("Send the drawing", "Bo", True, date(2026, 3, 24), True, "call:2")
    mail = cue("mail:1", 0, "rfq")
    mail = replace(
        mail,
        claims=(part("LD-1"), quantity(20_000), price(4)),
        actors=(BUYER, Actor("Bo", None, "vendor")),
    )
    call = fragment(
        "call:2", 2, part("LD-1"), next_steps=(step, replace(step, text="send the  drawing")),
        actors=(Actor("Bo", "bo@ours.example", "vendor"), Actor("Ann Lee", None, "customer")),
    )  # fmt: skip
    (got,) = build_opportunities([mail, call], AS_OF)
    assert got.priority == "high"
    assert got.priority_reasons == (
        "worth 80,000 (+2)",
        "next step 2026-03-24 (+3)",
        "stage rfq (+2)",
    )
    assert [(a.name, a.email) for a in got.actors] == [
        ("Ann Lee", "ann@kestrel.example"),
        ("Bo", "bo@ours.example"),
    ]
    assert [s.text for s in got.next_steps] == ["send the  drawing"]
    (lost,) = build_opportunities([cue("mail:9", 0, "lost")], AS_OF)
    assert (lost.priority, lost.priority_reasons) == ("low", ("lost",))


SOURCES = [
    fragment("mail:1", 0, product("driver"), part("LD-1"), quantity(500), price(4.0)),
    fragment("mail:2", 3, product("driver"), part("LD-1"), price(4.4), is_ours=True),
    fragment("mail:3", 3, product("driver"), part("LD-2"), quantity(700)),
    fragment("call:4", 5, product("driver"), quantity(700), price(3.9)),
    fragment("crm:5", 9, product("driver"), part("LD-2"), quantity(700), party=None,
             company="Kestrel Ltd"),
    fragment("mail:6", 9, product("housing"), party="other.example"),
    fragment("mail:7", 9, thread_id="x"),
    fragment("mail:8", 10, quantity(40), thread_id="x"),
]  # fmt: skip
EXPECTED = build_opportunities(SOURCES, AS_OF)


@settings(max_examples=60, deadline=None)
@given(st.permutations(SOURCES), st.lists(st.sampled_from(SOURCES), max_size=6))
def test_order_and_repetition_of_sources_change_nothing(
    order: list[Fragment], again: list[Fragment]
) -> None:
    assert build_opportunities([*order, *again], AS_OF) == EXPECTED


def test_two_readings_of_one_source_are_one_whichever_comes_first() -> None:
    short = fragment("mail:1", 0, part("LD-1"))
    full = fragment("mail:1", 0, part("LD-1"), quantity(500))
    first, second = (
        build_opportunities([short, full], AS_OF),
        build_opportunities([full, short], AS_OF),
    )
    assert first == second
    assert first[0].unit_low == 500


def test_a_crowd_of_sources_of_one_customer_is_compared_in_bounded_time() -> None:
    many = [
        fragment(f"mail:{i:04d}", i / 3, part(f"LD-{i // 4}"), quantity(100 + i // 4))
        for i in range(620)
    ]
    assert len(members(many)) == 155


def crm(system: str, number: str, amount: float, day: date, **other) -> Fragment:
    total = Claim("total_price", amount, amount, None, "EUR")
    values = {"kind": "crm", "system": system, "record_id": number, "closes_on": day,
              "actors": (), "title": "Kestrel drivers"}  # fmt: skip
    return fragment(f"crm:{system}:{number}", 0, total, **(values | other))


def test_a_deal_in_two_crms_is_one_and_says_why() -> None:
    day = date(2026, 5, 1)
    one, other = crm("salesforce", "006A", 4000, day), crm("hubspot", "77", 4000, day)
    (got,) = build_opportunities([one, other], AS_OF)
    assert {m.probability for m in got.members} == {0.996}
    assert "same amount in two CRMs (+2.5)" in got.members[0].reasons
    # Two rows of one CRM stay two deals, whatever they share.
    assert len(build_opportunities([one, crm("salesforce", "006B", 4000, day)], AS_OF)) == 2


def test_two_deals_in_two_crms_stay_two() -> None:
    early, late = date(2026, 5, 1), date(2026, 9, 1)
    rows = [
        crm(system, f"{system}-{n}", amount, day, title=title)
        for system in ("salesforce", "hubspot")
        for n, amount, day, title in ((1, 4000, early, "Drivers"), (2, 9000, late, "Housings"))
    ]
    assert members(rows) == {
        frozenset({f"crm:salesforce:salesforce-{n}", f"crm:hubspot:hubspot-{n}"}) for n in (1, 2)
    }


def test_a_crm_that_names_the_others_record_joins_whatever_lags() -> None:
    one = crm("salesforce", "0065g00000ABCDE", 4000, date(2026, 5, 1), title="Drivers")
    other = crm(
        "hubspot", "77", 9000, date(2026, 9, 1), title="Kestrel", other_id="0065g00000ABCDEAAV"
    )
    assert members([one, other]) == {frozenset({one.fragment_id, other.fragment_id})}


def quoted(*claims: Claim) -> Opportunity:
    (got,) = build_opportunities([fragment("mail:1", 0, *claims, is_ours=True)], AS_OF)
    return got


def placed(*claims: Claim) -> list[Claim]:
    """Claims of one sentence, in their order."""
    return [claim._replace(start=place, evidence="all") for place, claim in enumerate(claims)]


def test_prices_by_quantity_are_a_band_and_worth_their_best_step() -> None:
    steps = placed(product("driver"), quantity(1000), price(5.10), quantity(5000), price(4.60),
                   quantity(10_000), price(4.20))  # fmt: skip
    got = quoted(*steps)
    assert (got.unit_low, got.unit_high) == (1000, 10_000)
    assert (got.price_low, got.price_high) == (4.20, 5.10)
    assert (got.value, got.value_is_inferred) == (42_000, True)
    assert not got.has_several_lines
    # Two quantities and three prices: nothing says what belongs together.
    assert quoted(*steps[:-2], steps[-1]).value is None
    assert quoted(*steps[:2], steps[2], steps[4]).value == 5100
    # The scale is the newest source's own: an order at one of its prices is exact again.
    ordered = fragment("mail:2", 2, product("driver"), price(4.60), quantity(5000), is_ours=True)
    (got,) = build_opportunities(
        [fragment("mail:1", 0, *steps, is_ours=True, thread_id="t"),
         replace(ordered, thread_id="t")], AS_OF,
    )  # fmt: skip
    assert (got.price_low, got.price_high, got.value) == (4.60, 4.60, 23_000)
    assert got.conflicts == ()


def lines_said(opportunity: Opportunity) -> list[tuple]:
    return [
        (
            item.product,
            item.part_number,
            item.quantity and item.quantity.high,
            item.unit_price and item.unit_price.high,
            item.total,
        )
        for item in opportunity.lines
    ]


def test_lines_of_several_products_keep_their_own_quantity_and_price() -> None:
    told = placed(product("driver"), quantity(400), price(5), product("housing"), quantity(200),
                  price(12))  # fmt: skip
    both = [("driver", None, 400, 5, 2000), ("housing", None, 200, 12, 2400)]
    got = quoted(*told)
    assert lines_said(got) == both
    assert (got.has_several_lines, got.lines_are_matched) == (True, True)
    assert (got.value, got.value_is_inferred) == (4400, True)
    assert (got.unit_low, got.unit_high, got.price_low, got.price_high) == (600, 600, 5, 12)
    # A total told of a line is not the deal's; one told of the deal is.
    of_line = [*told[:3], Claim("total_price", 1900, 1900, None, "EUR"), *told[3:]]
    got = quoted(*placed(*of_line))
    assert [line[4] for line in lines_said(got)] == [1900, 2400]
    assert (got.value, got.value_is_inferred) == (4300, True)
    of_deal = Claim("total_price", 4500, 4500, None, "EUR", start=90, evidence="In all 4,500.")
    assert (quoted(*told, of_deal).value, quoted(*told, of_deal).value_is_inferred) == (4500, False)
    # Numbers before the name, and prices in the order of names, say the same.
    assert lines_said(quoted(*placed(
        quantity(400), product("driver"), price(5), quantity(200), product("housing"), price(12),
    ))) == both  # fmt: skip
    assert lines_said(quoted(*placed(
        quantity(400), product("driver"), quantity(200), product("housing"), price(5), price(12),
    ))) == both  # fmt: skip
    # One product: its steps are its lines.
    steps = placed(product("driver"), quantity(1000), price(5.10), quantity(5000), price(4.60))
    assert lines_said(quoted(*steps)) == [
        ("driver", None, 1000, 5.10, 5100), ("driver", None, 5000, 4.60, 23_000),
    ]  # fmt: skip
    assert not quoted(product("driver"), product("housing"), quantity(400)).has_several_lines


def test_a_number_that_may_be_of_any_line_is_of_none() -> None:
    open_price = placed(
        quantity(400), product("driver"), quantity(200), product("housing"), price(12)
    )
    got = quoted(*open_price)
    assert lines_said(got) == [
        ("driver", None, 400, None, None),
        ("housing", None, 200, None, None),
    ]
    assert (got.lines_are_matched, got.value, got.price_high) == (False, None, 12)
    # Both names, then one number: of neither.
    assert lines_said(quoted(*placed(product("driver"), product("housing"), quantity(400)))) == []
    # A sentence of its own speaks of the line before it; after several, of the deal.
    later = [
        quantity(400)._replace(evidence="a", start=0), product("driver")._replace(evidence="a"),
        price(5)._replace(evidence="b", start=20),
        quantity(200)._replace(evidence="c", start=30),
        product("housing")._replace(evidence="c", start=31),
        price(12)._replace(evidence="d", start=50),
    ]  # fmt: skip
    later[1] = later[1]._replace(start=5)
    assert [line[2:4] for line in lines_said(quoted(*later))] == [(400, 5), (200, 12)]
    assert [line[2:4] for line in lines_said(quoted(*later[:2], *later[3:]))] == [
        (400, None),
        (200, None),
    ]


def test_lines_are_put_together_from_all_sources() -> None:
    asked = placed(quantity(400), product("driver"), quantity(200), product("housing"))
    offered = placed(
        product("driver"), part("LD-1"), price(5), product("housing"), quantity(250), price(12)
    )
    (got,) = build_opportunities(
        [
            fragment("mail:1", 0, *asked, thread_id="t"),
            fragment("mail:2", 1, *offered, is_ours=True, thread_id="t"),
        ],
        AS_OF,
    )
    assert lines_said(got) == [
        ("driver", "LD-1", 400, 5, 2000),
        ("housing", None, 250, 12, 3000),
    ]
    assert [(i.quantity_source, i.price_source) for i in got.lines] == [
        ("mail:1", "mail:2"),
        ("mail:2", "mail:2"),
    ]


def stage_candidates(*fragments: Fragment) -> list[tuple[str, str, bool]]:
    (got,) = build_opportunities([replace(f, thread_id="t") for f in fragments], AS_OF)
    return [
        (c.fragment_id, c.claim.value, c.is_chosen)
        for conflict in got.conflicts
        if conflict.field == "stage"
        for c in conflict.candidates
    ]


def test_stages_that_cannot_both_be_true_are_a_conflict_and_a_crm_that_lags_is_none() -> None:
    def told(name: str, days: float, stage: str) -> Fragment:
        cue = ((stage, 0.9, f"stage {stage}"),)
        system = "crm" if name.startswith("crm") else None
        return fragment(name, days, stage_cues=cue, is_ours=True, system=system)

    mail, lost = told("mail:1", 0, "quoting"), told("crm:2", 5, "lost")
    assert stage_candidates(mail, lost) == [("mail:1", "quoting", False), ("crm:2", "lost", True)]
    later = told("mail:3", 9, "quoting")
    assert stage_candidates(mail, lost, later) == [
        ("crm:2", "lost", True),
        ("mail:3", "quoting", False),
    ]
    # A word three weeks older than the end is out of date; an order becomes a deal that is won.
    assert stage_candidates(mail, told("crm:2", 30, "lost")) == []
    assert stage_candidates(told("mail:1", 0, "po_in_progress"), told("crm:2", 5, "won")) == []
    # The CRM lags, or was changed since and still says so.
    assert stage_candidates(told("crm:2", -3, "rfq"), mail) == []
    assert stage_candidates(mail, told("crm:2", 5, "rfq")) == [
        ("mail:1", "quoting", True),
        ("crm:2", "rfq", False),
    ]


def test_the_close_date_is_told_with_its_source_and_counts_for_priority() -> None:
    day = AS_OF + timedelta(days=3)
    crm = fragment("crm:1", 0, Claim("close_date", day=day), system="crm")
    other = fragment("crm:2", 1, Claim("close_date", day=day + timedelta(days=9)), system="other")
    (got,) = build_opportunities([crm], AS_OF)
    assert (got.close_on, got.close_on_source) == (day, "crm:1")
    assert f"close date {day.isoformat()} (+3)" in got.priority_reasons
    (got,) = build_opportunities([replace(f, thread_id="t") for f in (crm, other)], AS_OF)
    assert [(c.field, c.chosen.fragment_id) for c in got.conflicts] == [("close_date", "crm:2")]


def test_a_row_deleted_in_the_crm_leads_to_its_deal_and_joins_nothing() -> None:
    first = fragment("mail:1", 0, product("driver"), part("LD-1"), quantity(500))
    other = fragment("mail:2", 1, product("housing"), part("HG-2"), quantity(90))
    row = fragment("crm:sf:9", 2, part("LD-1"), system="sf", record_id="9", actors=())
    alone = fragment("crm:sf:8", 2, part("XX-9"), party="mole.example", system="sf", actors=())
    told = {
        f.fragment_id: (f, WithdrawnRow("sf", str(f.record_id), f.fragment_id, DAY))
        for f in (row, alone)
    }
    groups = group_sources([first, other])
    found = with_withdrawn(build_groups(groups, AS_OF), groups, told)
    assert {o.part_numbers: [w.record_id for w in o.withdrawn] for o in found} == {
        ("LD-1",): ["9"],
        ("HG-2",): [],
    }
    assert all(m.kind == "mail" for o in found for m in o.members)
    # Beside a row that stands in the same CRM it is another deal, as two rows always are.
    standing = replace(row, fragment_id="crm:sf:7")
    groups = group_sources([first, standing])
    found = with_withdrawn(build_groups(groups, AS_OF), groups, told)
    assert [o.withdrawn for o in found] == [()]
