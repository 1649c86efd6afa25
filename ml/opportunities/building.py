"""Sources in, opportunities out: the one way through this room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from ml.opportunities.annotations import (
    NO_REVIEW,
    Annotation,
    Feedback,
    Review,
    id_of_source,
)
from ml.opportunities.consolidation import consolidate
from ml.opportunities.correlation import correlate
from ml.opportunities.line_items import (
    are_matched,
    is_of_a_line,
    items_of,
    one_item,
    over_lines,
    total_of,
)
from ml.opportunities.lines import band_of, has_several_lines, scale_of, worth_of
from ml.opportunities.next_steps import next_steps_of
from ml.opportunities.priority import priority_of
from ml.opportunities.records import (
    MANY_FIELDS,
    REVIEW,
    Actor,
    Candidate,
    Claim,
    Fragment,
    LineItem,
    Member,
    Opportunity,
)
from ml.opportunities.stage_conflicts import stage_conflict
from ml.opportunities.stages import stage_of

#: Sources of one opportunity, each with how sure it is to belong there.
Group = tuple[list[Fragment], list[Member]]


def build_opportunities(
    fragments: Iterable[Fragment], as_of: date, feedback: Feedback | None = None
) -> list[Opportunity]:
    """Opportunities by id; any order of sources and any repetition give the same.

    ``as_of`` is the day that priorities look ahead from (UTC); ``feedback`` what reviewers said.
    """
    groups = group_sources(fragments, feedback)
    return build_groups(groups, as_of, feedback)


def group_sources(fragments: Iterable[Fragment], feedback: Feedback | None = None) -> list[Group]:
    """Sources by opportunity, after what reviewers merged and split."""
    found = list(fragments)
    if not feedback:
        return correlate(found)
    return feedback.regroup(correlate([*found, *feedback.told_alone(found)]))


def build_groups(
    groups: Iterable[Group], as_of: date, feedback: Feedback | None = None
) -> list[Opportunity]:
    """Opportunities of groups by id, without those that reviewers said are none."""
    built = []
    for group, members in groups:
        review = feedback.review(group) if feedback else NO_REVIEW
        if not review.is_dropped:
            built.append(build_one(group, members, as_of, review))
    return sorted(built, key=lambda o: o.opportunity_id)


def opportunity_id(fragments: Sequence[Fragment]) -> str:
    """Stable name of a group: that of its first source by time, then id."""
    first = min(fragments, key=lambda f: (f.begun_at or f.occurred_at, f.fragment_id))
    return id_of_source(first.fragment_id)


def build_one(
    group: Sequence[Fragment], members: Sequence[Member], as_of: date, review: Review = NO_REVIEW
) -> Opportunity:
    """The opportunity of one group of sources, with what reviewers decided about it."""
    ordered = sorted(group, key=lambda f: (f.occurred_at, f.fragment_id))
    chosen, candidates, conflicts = consolidate(ordered, review)
    stage, stage_evidence = stage_of(ordered)
    if told := review.value("stage"):
        stage, stage_evidence = _said(told), told.comment or f"review {told.annotation_id}"
    if disagree := stage_conflict(ordered, stage, review):
        conflicts.append(disagree)
    many = {field: _all(ordered, field, review) for field in MANY_FIELDS}
    products, parts, competitors = many["product"], many["part_number"], many["competitor"]
    quantity, price = chosen.get("quantity"), chosen.get("unit_price")
    total, margin = chosen.get("total_price"), chosen.get("margin")
    saving = chosen.get("cost_upside")
    priced = [c for c in (quantity, price) if c and c.kind != REVIEW]
    sources = {c.fragment_id for c in priced}
    several = any(has_several_lines(f) for f in ordered if f.fragment_id in sources)
    scales = {c.claim.field: [c.claim] if several else scale_of(c, candidates) for c in priced}
    lines = items_of(f for f in ordered if f.kind != REVIEW)
    matched = (
        several and bool(lines) and are_matched(f for f in ordered if f.fragment_id in sources)
    )
    value, inferred = _value(total, quantity, price, scales, several)
    if not lines:
        lines = _own_lines(products, parts, scales, (quantity, price, total))
    elif matched and (total is None or is_of_a_line(total, lines)) and (worth := total_of(lines)):
        value, inferred = worth, any(line.total_is_inferred for line in lines)
    quantity = quantity and band_of(quantity, scales.get("quantity", ()))
    price = price and band_of(price, scales.get("unit_price", ()))
    if matched:
        quantity, price = over_lines(quantity, price, lines)
    days = {
        name: _day(chosen.get(name))
        for name in ("delivery_date", "quote_due", "decision_date", "close_date")
    }
    closes = chosen.get("close_date")
    steps = next_steps_of(ordered, stage, as_of)
    dated = [(name.replace("_", " "), day) for name, day in days.items() if day]
    dated += [("next step", s.due_on) for s in steps if s.due_on and s.status != "done"]
    level, reasons = priority_of(stage, value, dated, as_of)
    if told := review.value("priority"):
        level, reasons = _said(told), (f"review {told.annotation_id}",)
    company = next((f.company for f in reversed(ordered) if f.company), None)
    company = _overridden(review, "customer", company)
    party = next((f.party for f in ordered if f.party), None)
    party = _overridden(review, "customer_domain", party)
    currency_of = price or total
    return Opportunity(
        opportunity_id=opportunity_id(group),
        title=_overridden(review, "title", review.missed_as)
        or _title(company or party, products, parts),
        customer_domain=party,
        customer=company,
        stage=stage,
        stage_evidence=stage_evidence,
        priority=level,
        priority_reasons=reasons,
        unit_low=quantity.claim.low if quantity else None,
        unit_high=quantity.claim.high if quantity else None,
        unit=quantity.claim.unit if quantity else None,
        price_low=price.claim.low if price else None,
        price_high=price.claim.high if price else None,
        currency=currency_of.claim.currency if currency_of else None,
        value=value,
        value_is_inferred=inferred,
        has_several_lines=several,
        margin_low=margin.claim.low if margin else None,
        margin_high=margin.claim.high if margin else None,
        cost_upside=saving.claim.high if saving else None,
        cost_upside_currency=saving.claim.currency if saving else None,
        delivery_on=days["delivery_date"],
        quote_due_on=days["quote_due"],
        decision_on=days["decision_date"],
        close_on=days["close_date"],
        close_on_source=closes.fragment_id if closes else None,
        lead_time_days=_high(chosen.get("lead_time")),
        payment_terms=_text(chosen.get("payment_terms")),
        delivery_terms=_text(chosen.get("delivery_terms")),
        products=products,
        part_numbers=parts,
        references=many["reference"],
        competitors=competitors,
        actors=_actors(ordered),
        next_steps=steps,
        tags=_tags(
            products,
            competitors,
            ordered,
            any(c.chosen.kind != REVIEW for c in conflicts),
            bool(review.missed_as),
        ),
        first_seen_at=ordered[0].occurred_at,
        last_touched_at=ordered[-1].occurred_at,
        members=tuple(sorted(members, key=lambda m: (m.occurred_at, m.fragment_id))),
        candidates=tuple(candidates),
        conflicts=tuple(conflicts),
        lines=lines,
        lines_are_matched=matched,
    )


def _own_lines(
    products: Sequence[str],
    parts: Sequence[str],
    scales: Mapping[str, Sequence[Claim]],
    sources: tuple[Candidate | None, Candidate | None, Candidate | None],
) -> tuple[LineItem, ...]:
    """The lines of an opportunity of one product; none where several are named."""
    if len(products) > 1 or len(parts) > 1:
        return ()
    quantity, price, _ = sources
    told = [
        scales.get(name) or ([held.claim] if held else [])
        for name, held in (("quantity", quantity), ("unit_price", price))
    ]
    product, part = (next(iter(named), None) for named in (products, parts))
    return one_item(product, part, told[0], told[1], sources)


def _value(
    total: Candidate | None,
    quantity: Candidate | None,
    price: Candidate | None,
    scales: Mapping[str, Sequence[Claim]],
    several: bool,
) -> tuple[float | None, bool]:
    """What is told, or what ``scales`` come to and that it was reckoned; never lines multiplied."""
    if total and total.claim.high is not None:
        return total.claim.high, False
    if quantity is None or price is None or several:
        return None, False
    worth = worth_of(
        scales.get("quantity", [quantity.claim]), scales.get("unit_price", [price.claim])
    )
    return worth, worth is not None


def _day(candidate: Candidate | None) -> date | None:
    return candidate.claim.day if candidate else None


def _high(candidate: Candidate | None) -> float | None:
    return candidate.claim.high if candidate else None


def _text(candidate: Candidate | None) -> str | None:
    return candidate.claim.value if candidate else None


def _said(annotation: Annotation) -> str:
    return str(annotation.claim.value) if annotation.claim else ""


def _overridden(review: Review, field: str, told: str | None) -> str | None:
    annotation = review.value(field)
    if annotation is None:
        return told
    return annotation.claim.value if annotation.claim else None


def _all(ordered: list[Fragment], field: str, review: Review) -> tuple[str, ...]:
    if annotation := review.value(field):
        stated = (annotation.claim.value or "") if annotation.claim else ""
        return tuple(sorted({v.strip() for v in stated.split(";") if v.strip()}))
    return tuple(
        sorted({c.value for f in ordered for c in f.claims if c.field == field and c.value})
    )


def _actors(ordered: list[Fragment]) -> tuple[Actor, ...]:
    """Everybody once: by address, or by name where no address is known for it."""
    found: dict[str, Actor] = {}
    for actor in (a for f in ordered for a in f.actors):
        key = (actor.email or actor.name or "").lower()
        other = found.get(key)
        if key and (other is None or (other.name is None and actor.name)):
            found[key] = actor
    named = {(a.name or "").lower() for a in found.values() if a.email}
    kept = [a for a in found.values() if a.email or (a.name or "").lower() not in named]
    return tuple(sorted(kept, key=lambda a: (a.side, a.email or "", a.name or "")))


def _tags(
    products: tuple[str, ...],
    competitors: tuple[str, ...],
    ordered: list[Fragment],
    clash: bool,
    missed: bool,
) -> tuple[str, ...]:
    tags = {f"product:{p}" for p in products} | {f"competitor:{c}" for c in competitors}
    tags |= {f"source:{f.kind}" for f in ordered}
    if clash:
        tags.add("conflict")
    if missed:
        tags.add("missed")
    return tuple(sorted(tags))


def _title(who: str | None, products: tuple[str, ...], parts: tuple[str, ...]) -> str:
    what = ", ".join(products) or "request"
    return f"{who or 'Unknown customer'}: {what}{f' {parts[0]}' if len(parts) == 1 else ''}"
