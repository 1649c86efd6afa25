"""Annotations applied: they hold, in any order and however often, and say how right we were."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from ml.opportunities.accuracy import accuracy_of
from ml.opportunities.annotations import Annotation, Feedback, id_of_source
from ml.opportunities.building import build_groups, group_sources
from ml.opportunities.feedback import outcomes_of, review_findings
from ml.opportunities.records import Actor, Claim, Fragment, Opportunity

DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
AS_OF = date(2026, 3, 20)
BUYER = Actor("Ann Lee", "ann@kestrel.example", "customer")


def fragment(name: str, days: float, *claims: Claim, stage: str | None = None, **other) -> Fragment:
    values = {
        "fragment_id": name,
        "kind": name.partition(":")[0],
        "occurred_at": DAY + timedelta(days=days),
        "party": "kestrel.example",
        "actors": (BUYER,),
        "claims": (Claim("product", value="driver"), *claims),
        "thread_id": "t",
        "stage_cues": ((stage, 0.9, f"says {stage}"),) if stage else (),
    }
    return Fragment(**(values | other))


def units(count: float) -> Claim:
    return Claim("quantity", count, count, "unit")


def said(name: str, about: str, action: str, days: float = 5, **other) -> Annotation:
    return Annotation(
        annotation_id=name, about=about, action=action, reviewer="R. One",
        reviewed_at=DAY + timedelta(days=days), **other,
    )  # fmt: skip


def to_stage(name: str, stage: str, days: float = 5, about: str = "mail:2") -> Annotation:
    claim = Claim("stage", value=stage)
    return said(name, about, "set", days, field="stage", claim=claim)


def to_units(name: str, count: float, days: float = 5) -> Annotation:
    return said(name, "mail:2", "set", days, field="quantity", claim=units(count))


SOURCES = [
    fragment("mail:1", 0, units(500), stage="rfq"),
    fragment("mail:2", 2, units(900), stage="quoting", is_ours=True),
]
OTHER = fragment("mail:9", 3, Claim("part_number", value="LD-9"), thread_id="u", party="b.example")


def run(annotations: list[Annotation], sources: list[Fragment] = SOURCES):
    """Opportunities, and outcomes by annotation id, with these annotations."""
    feedback = Feedback(annotations)
    groups = group_sources(sources, feedback)
    built = build_groups(groups, AS_OF, feedback)
    found = outcomes_of(groups, built, feedback, AS_OF)
    return built, {o.annotation.annotation_id: o for o in found}


def accuracy(annotations: list[Annotation], sources: list[Fragment] = SOURCES) -> dict:
    feedback = Feedback(annotations)
    return {
        (a.subject, a.label, a.period): (a.true_positives, a.false_positives, a.false_negatives)
        for a in accuracy_of(group_sources(sources, feedback), feedback)
    }


def test_an_override_holds_with_what_was_before() -> None:
    (got,), outcomes = run([to_stage("a", "po_in_progress"), to_units("b", 700)])
    assert (got.stage, got.unit_high) == ("po_in_progress", 700)
    assert (outcomes["a"].status, outcomes["a"].before, outcomes["a"].after) == (
        "holds", "quoting", "po_in_progress",
    )  # fmt: skip
    assert (outcomes["b"].before, outcomes["b"].after) == ("900", "700")
    assert outcomes["a"].opportunity_id == got.opportunity_id == id_of_source("mail:1")
    chosen = next(c for c in got.candidates if c.is_chosen)
    assert (chosen.kind, chosen.fragment_id, chosen.authority) == ("review", "review:b", 5)
    assert [c.claim.low for c in got.candidates] == [500, 900, 700]
    # Settled by a person: the candidates stay, nobody need look at it again.
    assert got.conflicts[0].reason == "reviewed"
    assert "conflict" not in got.tags


def test_a_worth_is_reckoned_from_reviewed_values() -> None:
    priced = fragment("mail:1", 0, units(500), Claim("unit_price", 4, 4, "unit", "EUR"))
    (got,), _ = run([said("a", "mail:1", "set", field="quantity", claim=units(20_000))], [priced])
    assert (got.value, got.value_is_inferred) == (80_000, True)
    assert "worth 80,000 (+2)" in got.priority_reasons


def test_the_latest_of_contradicting_annotations_holds_and_both_are_kept() -> None:
    (got,), outcomes = run([to_stage("late", "lost", 6), to_stage("early", "won", 5)])
    assert got.stage == "lost"
    assert {k: o.status for k, o in outcomes.items()} == {"early": "superseded", "late": "holds"}


def test_withdrawing_brings_the_sources_back() -> None:
    (got,), outcomes = run(
        [to_stage("a", "won"), said("w", "mail:2", "withdraw", 6, others=("a",))]
    )
    assert got.stage == "quoting"
    assert (outcomes["a"].status, outcomes["w"].status) == ("withdrawn", "holds")


def test_an_annotation_survives_the_arrival_of_earlier_sources() -> None:
    """Its opportunity is then called otherwise, whether it was bound by source or by that name."""
    first = fragment("mail:0", -9, units(100), stage="rfq")
    for about in ("mail:2", id_of_source("mail:1")):
        annotations = [to_stage("a", "won", about=about)]
        (before,), _ = run(annotations)
        (after,), outcomes = run(annotations, [*SOURCES, first])
        assert before.opportunity_id != after.opportunity_id
        assert (before.stage, after.stage) == ("won", "won")
        assert outcomes["a"].opportunity_id == after.opportunity_id == id_of_source("mail:0")


def test_later_sources_that_disagree_make_it_outdated_and_it_still_holds() -> None:
    annotations = [to_stage("a", "rfq"), to_units("b", 700)]
    ordered = fragment("mail:3", 9, units(1200), stage="po_in_progress")
    (got,), outcomes = run(annotations, [*SOURCES, ordered])
    assert (got.stage, got.unit_high) == ("rfq", 700)
    assert {o.status for o in outcomes.values()} == {"outdated"}
    findings = review_findings(outcomes.values())[got.opportunity_id]
    assert {(f.rule, f.field) for f in findings} == {
        ("review_outdated", "stage"), ("review_outdated", "quantity"),
    }  # fmt: skip
    assert "withdraw the annotation b" in max(f.remedy for f in findings)
    agreeing = fragment("mail:3", 9, units(700))
    _, outcomes = run(annotations, [*SOURCES, agreeing])
    assert {o.status for o in outcomes.values()} == {"holds"}


def test_a_conflict_is_resolved_by_choosing_or_denied() -> None:
    choice = said("a", "mail:2", "choose", field="quantity", others=("mail:1",))
    (got,), outcomes = run([choice])
    assert (got.unit_high, outcomes["a"].before, outcomes["a"].after) == (500, "900", "500")
    (denied,), _ = run([said("a", "mail:2", "no_conflict", field="quantity")])
    assert (denied.unit_high, denied.conflicts) == (900, ())
    absent = said("a", "mail:2", "choose", field="quantity", others=("mail:7",))
    (kept,), outcomes = run([absent])
    assert (kept.unit_high, outcomes["a"].status) == (900, "unmatched")


def test_a_cleared_field_is_unknown_and_lists_are_replaced() -> None:
    (got,), outcomes = run([
        said("a", "mail:2", "clear", field="quantity"),
        said("b", "mail:2", "set", field="product", claim=Claim("product", value="hood; cap")),
        said("c", "mail:2", "set", field="customer", claim=Claim("customer", value="Kestrel")),
    ])  # fmt: skip
    assert (got.unit_high, got.products, got.customer) == (None, ("cap", "hood"), "Kestrel")
    assert (outcomes["a"].before, outcomes["a"].after) == ("900", None)
    assert (outcomes["b"].before, outcomes["b"].after) == ("driver", "cap; hood")


def test_sources_are_merged_and_split_off_in_the_order_of_the_reviews() -> None:
    def groups(annotations: list[Annotation]) -> set[frozenset[str]]:
        built, _ = run(annotations, [*SOURCES, OTHER])
        return {frozenset(m.fragment_id for m in o.members) for o in built}

    together = frozenset({"mail:1", "mail:2", "mail:9"})
    merge = said("m", "mail:2", "merge", 5, others=("mail:9",))
    split = said("s", "mail:2", "split", 6)
    assert groups([merge]) == {together}
    assert groups([split]) == {frozenset({"mail:1"}), frozenset({"mail:2"}), frozenset({"mail:9"})}
    assert groups([split, merge]) == {frozenset({"mail:1", "mail:9"}), frozenset({"mail:2"})}
    assert groups([replace(merge, reviewed_at=DAY + timedelta(days=7)), split]) == {
        frozenset({"mail:1"}), frozenset({"mail:2", "mail:9"}),
    }  # fmt: skip
    (built,), _ = run([merge], [*SOURCES, OTHER])
    moved = next(m for m in built.members if m.fragment_id == "mail:9")
    assert (moved.probability, moved.reasons) == (1.0, ("merged by review m",))


def test_what_is_no_opportunity_is_left_out_until_somebody_says_it_is_one() -> None:
    none = said("n", "mail:2", "no_opportunity")
    built, outcomes = run([none])
    assert (built, outcomes["n"].status, outcomes["n"].opportunity_id) == ([], "holds", None)
    built, outcomes = run([none, said("y", "mail:1", "confirm", 6)])
    assert (len(built), outcomes["n"].status) == (1, "superseded")


def test_unknown_sources_are_told() -> None:
    _, outcomes = run([to_stage("a", "won", about="mail:77")])
    assert outcomes["a"].status == "unmatched"


def test_accuracy_counts_what_reviewers_say_by_month() -> None:
    got = accuracy([
        to_stage("a", "po_in_progress"),
        said("b", "mail:2", "choose", field="quantity", others=("mail:1",)),
        said("c", "mail:2", "confirm", field="priority"),
        said("d", "mail:9", "no_opportunity", 40),
    ], [*SOURCES, OTHER])  # fmt: skip
    march = {key[:2]: value for key, value in got.items() if key[2] == "2026-03"}
    assert march == {
        ("stage", "quoting"): (0, 1, 0),
        ("stage", "po_in_progress"): (0, 0, 1),
        ("priority", "low"): (1, 0, 0),
        ("field", "quantity"): (0, 1, 1),
        ("conflict", "quantity"): (1, 0, 0),
        ("resolution", "quantity"): (0, 1, 0),
    }
    assert got["opportunity", "opportunity", "2026-04"] == (0, 1, 0)
    assert {key for key in got if key[2] == "all"} == {(*key[:2], "all") for key in got}


def test_answers_are_judged_by_what_was_known_when_the_reviewer_wrote() -> None:
    """A deal that has moved on does not make an old answer wrong, nor an old review."""
    ordered = fragment("mail:3", 9, stage="po_in_progress")
    got = accuracy([to_stage("a", "quoting")], [*SOURCES, ordered])
    assert got == dict.fromkeys([("stage", "quoting", "2026-03"), ("stage", "quoting", "all")],
                                (1, 0, 0))  # fmt: skip


def test_denied_and_missed_conflicts_are_counted() -> None:
    false = accuracy([said("a", "mail:2", "no_conflict", field="quantity")])
    assert false["conflict", "quantity", "all"] == (0, 1, 0)
    missed = accuracy([said("a", "mail:2", "conflict", field="unit_price")])
    assert missed["conflict", "unit_price", "all"] == (0, 0, 1)
    feedback = Feedback([said("a", "mail:2", "conflict", field="unit_price")])
    (row, _) = accuracy_of(group_sources(SOURCES, feedback), feedback)
    assert (row.precision, row.recall) == (None, 0.0)


_ANNOTATIONS = st.lists(
    st.one_of(
        st.builds(to_stage, st.sampled_from("abcd"), st.sampled_from(["won", "lost", "rfq"]),
                  st.integers(1, 4)),
        st.builds(to_units, st.sampled_from("efgh"), st.sampled_from([100, 200]),
                  st.integers(1, 4)),
        st.builds(partial(said, others=("mail:9",)), st.sampled_from("ij"), st.just("mail:1"),
                  st.just("merge"), st.integers(1, 4)),
        st.builds(said, st.sampled_from("kl"), st.sampled_from(["mail:2", "mail:9"]),
                  st.sampled_from(["split", "no_opportunity", "confirm"]), st.integers(1, 4)),
        st.builds(partial(said, others=("a",)), st.just("m"), st.just("mail:1"),
                  st.just("withdraw"), st.integers(1, 4)),
    ),
    max_size=8, unique_by=lambda a: a.annotation_id,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(_ANNOTATIONS, st.randoms(use_true_random=False))
def test_order_and_repetition_of_annotations_and_sources_are_nothing(annotations, random) -> None:
    sources = [*SOURCES, OTHER]
    built, outcomes = run(annotations, sources)
    again = [*annotations, *annotations]
    random.shuffle(again)
    random.shuffle(sources)
    assert run(again, [*sources, *sources]) == (built, outcomes)
    assert accuracy(again, sources) == accuracy(annotations, [*SOURCES, OTHER])


def test_without_annotations_nothing_changes() -> None:
    plain: list[Opportunity] = build_groups(group_sources(SOURCES), AS_OF)
    assert run([])[0] == plain


def missed(name: str, about: str, days: float = 5, others: tuple[str, ...] = ()) -> Annotation:
    claim = Claim("title", value="Pumps for the yard")
    return said(name, about, "missed", days, claim=claim, others=others)


def field(name: str, about: str, what: str, value: str) -> Annotation:
    return said(name, about, "set", field=what, claim=Claim(what, value=value))


YARD = [
    missed("m", "review:yard"),
    field("p", "review:yard", "customer_domain", "yard.example"),
    field("n", "review:yard", "part_number", "PX-1"),
    field("s", "review:yard", "stage", "quoting"),
]


def test_a_missed_opportunity_appears_as_the_reviewers() -> None:
    built, outcomes = run(YARD)
    (got,) = [o for o in built if o.opportunity_id == id_of_source("review:yard")]
    assert (got.title, got.customer_domain, got.stage) == (
        "Pumps for the yard", "yard.example", "quoting",
    )  # fmt: skip
    assert got.part_numbers == ("PX-1",)
    assert set(got.tags) >= {"missed", "source:review"}
    assert [(m.kind, m.probability, m.reasons) for m in got.members] == [
        ("review", 1.0, ("missed, and named by review m",))
    ]
    assert {o.status for o in outcomes.values()} == {"holds"}
    # It counts against recall, and nothing else of it can be judged.
    assert accuracy(YARD) == {
        ("opportunity", "opportunity", "2026-03"): (0, 0, 1),
        ("opportunity", "opportunity", "all"): (0, 0, 1),
    }
    gone = [*YARD, said("x", "review:yard", "no_opportunity", 6)]
    assert len(run(gone)[0]) == len(built) - 1
    assert accuracy(gone) == {}
    assert len(run([*YARD, said("w", "review:yard", "withdraw", 6, others=("m",))])[0]) == 1


def test_what_the_platform_finds_later_is_one_with_what_was_missed() -> None:
    part = Claim("part_number", value="PX-1")
    later = fragment("mail:7", 8, part, thread_id="y", party="yard.example", stage="rfq")
    built, _ = run(YARD, [*SOURCES, later])
    (got,) = [o for o in built if o.customer_domain == "yard.example"]
    assert {m.fragment_id for m in got.members} == {"review:yard", "mail:7"}
    assert accuracy(YARD, [*SOURCES, later])["opportunity", "opportunity", "all"] == (0, 0, 1)
    # A reader that was mended since finds it in a source of that time: it is not missed any more.
    then = replace(later, occurred_at=DAY)
    assert accuracy(YARD, [*SOURCES, then])["opportunity", "opportunity", "all"] == (1, 0, 0)


def test_a_source_that_was_set_aside_comes_back_by_its_name() -> None:
    aside = fragment("mail:5", 1, thread_id="z", party="z.example", is_named=True)
    claims = [missed("m", "mail:5", others=("call:6", "mail:9"))]
    assert Feedback(claims).named == {"mail:5", "call:6", "mail:9"}
    built, _ = run(claims, [*SOURCES, OTHER, aside])
    (got,) = [o for o in built if o.title == "Pumps for the yard"]
    assert {m.fragment_id for m in got.members} == {"mail:5", "mail:9"}
    assert accuracy(claims, [*SOURCES, aside])["opportunity", "opportunity", "all"] == (0, 0, 1)
