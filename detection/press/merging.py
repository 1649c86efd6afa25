"""Events of one item: when two sentences tell the same one, and whose domain the item names."""

from __future__ import annotations

import re
from dataclasses import replace

from detection.names import normalize_company_name
from detection.press.reading import Item, PressReading

_FILLABLE = (
    "occurred_on", "amount", "currency", "round_type", "lead_investor", "investors", "city",
    "country", "headcount", "signal_subtype", "product_name", "effective_on",
    "effective_precision",
)  # fmt: skip
#: Families whose headlines leave open whether it has happened.
_DATED_BY_BODY = frozenset({"expansion", "acquisition"})
#: Changes of who was at the company before.
_FROM_WITHIN = ("promotion", "reorganization")


def add_event(item: Item, event: PressReading, *, in_headline: bool = False) -> None:
    """Keep the event, or complete the one already told with what this sentence adds.

    Headlines say "Acme to close Oslo site" and "Acme opens Oslo office" of the past and the future
    alike; the first full sentence about the event says which, so its status counts.
    """
    key = _key(event)
    for position, earlier in enumerate(item.events):
        if _key(earlier) == key or _same(earlier, event):
            filled = {
                name: getattr(event, name)
                for name in _FILLABLE
                if getattr(earlier, name) in (None, ()) and getattr(event, name) not in (None, ())
            }
            if earlier.amount is not None:
                filled.pop("currency", None)
            if "effective_on" in filled:
                filled["status"] = event.status
            if earlier.change_type == "new_hire" and event.change_type in _FROM_WITHIN:
                # A headline seldom says that who takes a position was there already.
                filled["change_type"] = filled["signal_subtype"] = event.change_type
            if event.is_interim:
                # A headline often leaves the word out.
                filled["is_interim"] = True
            if event.signal_subtype == "new_office":
                filled["signal_subtype"] = event.signal_subtype
            if item.only_in_headline[position] and not in_headline:
                if event.signal_type in _DATED_BY_BODY:
                    filled["status"] = event.status
                item.only_in_headline[position] = False
            item.events[position] = replace(
                earlier,
                **filled,
                confidence=min(0.95, max(earlier.confidence, event.confidence) + 0.1),
            )
            return
    item.events.append(event)
    item.only_in_headline.append(in_headline)


def _key(event: PressReading) -> tuple[str, ...]:
    parts = [event.signal_type, loose_name(event.company_name)]
    if event.signal_type == "executive_change":
        parts += [loose_name(event.person_name or ""), event.polarity]
    elif event.signal_type in ("acquisition", "partnership"):
        parts.append(loose_name(event.counterparty_name or ""))
    elif event.signal_type == "expansion":
        parts += [event.signal_subtype or ""]
    return tuple(parts)


def _same(one: PressReading, two: PressReading) -> bool:
    """The same event with the company named shorter or longer ("Acme" and "Acme Robotics")."""
    if one.signal_type != two.signal_type or one.polarity != two.polarity:
        return False
    first, second = loose_name(one.company_name), loose_name(two.company_name)
    alike = first.startswith(second) or second.startswith(first)
    if one.signal_type == "executive_change":
        people = loose_name(one.person_name or ""), loose_name(two.person_name or "")
        return people[0].endswith(people[1]) or people[1].endswith(people[0])
    if one.signal_type in ("acquisition", "partnership"):
        others = loose_name(one.counterparty_name or ""), loose_name(two.counterparty_name or "")
        crossed = (first, others[0]) == (others[1], second)
        return crossed or (
            alike and (others[0].startswith(others[1]) or others[1].startswith(others[0]))
        )
    if one.signal_type == "expansion" and one.signal_subtype != two.signal_subtype:
        # Entering a market by opening an office there is one event.
        both = {one.signal_subtype, two.signal_subtype}
        return alike and both == {"new_office", "new_market"} and _same_place(one, two)
    return alike


def _same_place(one: PressReading, two: PressReading) -> bool:
    if one.city and two.city:
        return loose_name(one.city) == loose_name(two.city)
    return one.country is not None and one.country == two.country


def loose_name(name: str) -> str:
    """A name as it is compared within one item: normalised, without blanks."""
    return normalize_company_name(name).replace(" ", "")


_URL_DOMAIN = re.compile(
    r"(?:https?://|www\.|\bvisit |\bat "
    r")(?:www\.)?([a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63}){1,3})\b",
    re.I,
)


def hosts_of(body: str) -> list[tuple[str, str]]:
    """Hosts that a text names, each with its label: ("www.acme.co.uk", "acme")."""
    hosts = []
    if "." not in body:
        return hosts
    for match in _URL_DOMAIN.finditer(body):
        host = match.group(1).lower()
        labels = host.split(".")
        label = labels[-2] if len(labels) > 2 and len(labels[-2]) > 3 else labels[0]
        hosts.append((host, re.sub(r"[^a-z0-9]", "", label)))
    return hosts


def with_domain(event: PressReading, hosts: list[tuple[str, str]]) -> PressReading:
    """The event with the company's own domain: the first host that bears the company's name."""
    own = loose_name(event.company_name) if hosts else ""
    for host, label in hosts:
        if len(label) >= 4 and (own.startswith(label) or label.startswith(own)) and len(own) >= 3:
            return replace(event, company_domain=host)
    return event
