"""Which quantity and price are of which product: the lines of one source, and of an opportunity.

A claim does not say which product it is of; its place does. Within a sentence the name and the
numbers beside it are one line, and a number that is told a second time begins the next one ("5,000
drivers at 4.20 and 2,000 boards at 11.50"); a sentence without a name speaks of the line before.
Where the place leaves it open (one price after two products) the number is of no line: unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ml.opportunities.consolidation import authority, choose
from ml.opportunities.records import Candidate, Claim, Fragment, LineItem

_NAMES = ("product", "part_number")
_NUMBERS = ("quantity", "unit_price", "total_price")
#: Characters between a name and the number of a later sentence that still speaks of it.
_NEAR = 240


@dataclass
class SourceLine:
    """One line of one source: claims by field."""

    fragment: Fragment
    claims: dict[str, Claim] = field(default_factory=dict)
    #: Continued in a later sentence, so that a number may be of other lines too.
    continued: set[str] = field(default_factory=set)

    @property
    def product(self) -> str | None:
        """Name of the product."""
        return _value(self.claims.get("product"))

    @property
    def part(self) -> str | None:
        """Part number."""
        return _value(self.claims.get("part_number"))

    @property
    def is_named(self) -> bool:
        """Whether it says what it is of."""
        return any(name in self.claims for name in _NAMES)

    @property
    def has_numbers(self) -> bool:
        """Whether it says how many, or at which price."""
        return any(name in self.claims for name in _NUMBERS)


def lines_of(fragment: Fragment) -> list[SourceLine]:
    """Lines of one source that say what they are of and how many or at which price."""
    told = sorted(
        (
            c
            for c in fragment.claims
            if c.field in _NAMES or (c.field in _NUMBERS and _is_number(c))
        ),
        key=lambda c: (c.at_ms or 0, c.start or 0, c.end or 0, c.field, repr(c)),
    )
    found: list[SourceLine] = []
    last: list[SourceLine] = []
    for sentence in _sentences(told):
        groups = _groups(fragment, sentence)
        if any(g.is_named for g in groups):
            last = groups
        elif not _continue(last, groups, sentence[0]):
            # Numbers that follow several lines, or none: of which is not said.
            groups = []
        found += [g for g in groups if g.is_named]
    return _without_open([g for g in _alike(found) if g.has_numbers])


def items_of(fragments: Iterable[Fragment]) -> tuple[LineItem, ...]:
    """Lines of an opportunity whose sources name several products with numbers; else none.

    Of each line the quantity and the price hold that would hold for the whole (``consolidation``);
    a source that tells both in steps gives a line for each step.
    """
    told = list(fragments)
    names = {(c.field, c.value) for f in told for c in f.claims if c.field in _NAMES}
    if all(sum(field == name for field, _ in names) < 2 for name in _NAMES):
        return ()
    by_key = _by_key([line for f in told for line in lines_of(f)])
    if len(by_key) < 2:
        return ()
    return tuple(item for key in sorted(by_key) for item in _items(by_key[key]))


def one_item(
    product: str | None,
    part: str | None,
    quantities: Sequence[Claim],
    prices: Sequence[Claim],
    sources: tuple[Candidate | None, Candidate | None, Candidate | None],
) -> tuple[LineItem, ...]:
    """The lines of an opportunity of one product: its steps, or what holds of quantity and price.

    ``sources`` are the candidates that hold for quantity, unit price and total.
    """
    quantity, price, total = sources
    if quantity is None and price is None and total is None:
        return ()
    steps: list[tuple[Claim | None, Claim | None]]
    if len(quantities) == len(prices) > 1:
        steps = list(zip(quantities, prices, strict=True))
    elif len(quantities) > 1 and len(prices) <= 1:
        steps = [(q, prices[0] if prices else None) for q in quantities]
    elif len(prices) > 1 and len(quantities) <= 1:
        steps = [(quantities[0] if quantities else None, p) for p in prices]
    elif max(len(quantities), len(prices)) <= 1:
        steps = [(quantities[0] if quantities else None, prices[0] if prices else None)]
    else:
        return ()
    told = total.claim if total and len(steps) == 1 else None
    return tuple(
        _item(
            product, part, q, p, told,
            (quantity.fragment_id if quantity else None, price.fragment_id if price else None,
             total.fragment_id if total else None),
        )
        for q, p in steps
    )  # fmt: skip


def are_matched(fragments: Iterable[Fragment]) -> bool:
    """Whether every quantity and unit price of these sources stands in a line."""
    for fragment in fragments:
        placed = {c.says() for line in lines_of(fragment) for c in line.claims.values()}
        told = {
            c.says()
            for c in fragment.claims
            if c.field in ("quantity", "unit_price") and _is_number(c)
        }
        if not told <= placed:
            return False
    return True


def total_of(items: Sequence[LineItem]) -> float | None:
    """What all lines come to; None where one's total is not known, or currencies differ.

    Of steps of one product the one that is worth most counts.
    """
    if len({i.currency for i in items}) > 1 or any(i.total is None for i in items):
        return None
    best: dict[tuple[str | None, str | None], float] = {}
    for item in items:
        key = (item.product, item.part_number)
        best[key] = max(best.get(key, 0.0), item.total or 0.0)
    return round(sum(best.values()), 2) if best else None


def is_of_a_line(total: Candidate, items: Sequence[LineItem]) -> bool:
    """Whether a total that holds is told of one line, not of the whole."""
    return any(
        item.total_source == total.fragment_id and item.total == total.claim.high for item in items
    )


def over_lines(
    quantity: Candidate | None, price: Candidate | None, items: Sequence[LineItem]
) -> tuple[Candidate | None, Candidate | None]:
    """What an opportunity of several lines shows: pieces of all lines, and the band of prices.

    Where a line has no quantity, or units or currencies differ, what is given stays.
    """
    prices = [i.unit_price for i in items if i.unit_price]
    if price and prices and len({p.currency for p in prices}) == 1:
        price = _spread(price, [v for p in prices for v in (p.low, p.high)])
    least: dict[tuple[str | None, str | None], list[Claim | None]] = defaultdict(list)
    for item in items:
        least[item.product, item.part_number].append(item.quantity)
    told = [c for steps in least.values() for c in steps]
    if quantity and told and all(told):
        lows = [min(c.low or 0.0 for c in steps if c) for steps in least.values()]
        highs = [max(c.high or c.low or 0.0 for c in steps if c) for steps in least.values()]
        quantity = _spread(quantity, [sum(lows), sum(highs)])
    return quantity, price


def _spread(held: Candidate, ends: Sequence[float | None]) -> Candidate:
    told = [end for end in ends if end is not None]
    return held._replace(claim=held.claim._replace(low=min(told), high=max(told)))


def _is_number(claim: Claim) -> bool:
    return claim.low is not None or claim.high is not None


def _value(claim: Claim | None) -> str | None:
    return claim.value if claim else None


def _sentences(told: Sequence[Claim]) -> Iterator[list[Claim]]:
    held: list[Claim] = []
    for claim in told:
        if held and (claim.evidence, claim.at_ms) != (held[-1].evidence, held[-1].at_ms):
            yield held
            held = []
        held.append(claim)
    if held:
        yield held


def _groups(fragment: Fragment, sentence: Sequence[Claim]) -> list[SourceLine]:
    """The lines of one sentence, in order; the last may hold numbers without a name."""
    name_first = sentence[0].field in _NAMES
    groups = [SourceLine(fragment)]
    for claim in sentence:
        group = groups[-1]
        known = group.claims.get(claim.field)
        if claim.field in _NAMES and known is not None and known.says() == claim.says():
            continue
        begins = known is not None or (
            name_first and claim.field in _NAMES and group.has_numbers and group.is_named
        )
        if begins:
            groups.append(group := SourceLine(fragment))
        group.claims[claim.field] = claim
    named = [g for g in groups if g.is_named]
    if len({_key(g) for g in named}) > 1:
        _respectively(groups, named)
        _drop_open(named)
    return _with_steps(groups, named)


def _respectively(groups: list[SourceLine], named: list[SourceLine]) -> None:
    """Prices told after all names, as many as there are names, are theirs in that order."""
    for name in ("unit_price", "total_price"):
        told = [g.claims[name] for g in groups if name in g.claims]
        first = min((c.start or 0 for c in told), default=0)
        last_name = max((c.start or 0) for g in named for n in _NAMES if (c := g.claims.get(n)))
        if len(told) == len(named) and first > last_name:
            for group in groups:
                group.claims.pop(name, None)
            for group, claim in zip(named, told, strict=True):
                group.claims[name] = claim


def _drop_open(named: list[SourceLine]) -> None:
    """Take a number from the last of several lines that no other has and that ends the sentence.

    "5,000 drivers and 2,000 boards at 11.50": is the price of one or of both? Where a number that
    each line has follows it, it stands within its line.
    """
    last = named[-1]
    others = [g for g in named if _key(g) != _key(last)]
    own = [
        c.start or 0
        for name, c in last.claims.items()
        if name in _NAMES or any(name in g.claims for g in others)
    ]
    for name in _NUMBERS:
        claim = last.claims.get(name)
        is_last = claim is not None and (claim.start or 0) > max(own)
        if is_last and not any(name in g.claims for g in others):
            del last.claims[name]


def _with_steps(groups: list[SourceLine], named: list[SourceLine]) -> list[SourceLine]:
    """Numbers without a name are a step of the name before; alone among several, of nobody."""
    if not named:
        return [g for g in groups if g.has_numbers]
    kept: list[SourceLine] = []
    for group in groups:
        if group.is_named:
            kept.append(group)
        elif kept and group.has_numbers:
            before = kept[-1]
            if len(named) > 1 and not {"quantity", "unit_price"} <= group.claims.keys():
                for name in group.claims:
                    before.claims.pop(name, None)
            else:
                group.claims |= {n: before.claims[n] for n in _NAMES if n in before.claims}
                kept.append(group)
    return kept


def _continue(last: list[SourceLine], groups: list[SourceLine], first: Claim) -> bool:
    """Take a sentence without a name as more of the line before; False where none is meant."""
    names = {_key(g) for g in last}
    if len(names) != 1:
        return False
    before = last[-1]
    ends = [c.end for c in before.claims.values() if c.end is not None]
    if first.start is not None and ends and first.start - max(ends) > _NEAR:
        return False
    for group in groups:
        if group.claims.keys() & before.claims.keys():
            named = {n: before.claims[n] for n in _NAMES if n in before.claims}
            step = SourceLine(before.fragment, named | group.claims, set(group.claims))
            group.claims, group.continued = step.claims, step.continued
            last.append(group)
        else:
            before.claims |= group.claims
            before.continued |= set(group.claims)
            group.claims = {}
    return True


def _key(line: SourceLine) -> str:
    return line.part or line.product or ""


def _alike(lines: list[SourceLine]) -> list[SourceLine]:
    """Lines of one product put together where one says what the other leaves out."""
    parts: dict[str | None, set[str]] = defaultdict(set)
    for line in lines:
        if line.part:
            parts[line.product].add(line.part)
    kept: list[SourceLine] = []
    for line in lines:
        only = parts.get(line.product, set())
        if line.part is None and line.product and len(only) == 1:
            known = next(g for g in lines if g.part in only)
            line.claims["part_number"] = known.claims["part_number"]
        other = next((g for g in kept if _key(g) == _key(line) and _fits(g, line)), None)
        if other is None:
            kept.append(line)
        else:
            other.claims = line.claims | other.claims
            other.continued |= line.continued
    return kept


def _fits(line: SourceLine, other: SourceLine) -> bool:
    """Whether what both say of a number is the same."""
    both = line.claims.keys() & other.claims.keys() & set(_NUMBERS)
    return all(line.claims[n].says() == other.claims[n].says() for n in both)


def _without_open(lines: list[SourceLine]) -> list[SourceLine]:
    """Without a number of a later sentence that the last of several lines alone has.

    "5,000 drivers. 2,000 boards. The price is 11.50.": of one or of both?
    """
    keys = {_key(g) for g in lines}
    for name in _NUMBERS if len(keys) > 1 else ():
        having = [g for g in lines if name in g.claims]
        if len({_key(g) for g in having}) == 1 and _key(having[-1]) == _key(lines[-1]):
            for line in having:
                if name in line.continued:
                    del line.claims[name]
    return [g for g in lines if g.has_numbers]


def _by_key(lines: Sequence[SourceLine]) -> dict[str, list[SourceLine]]:
    """Lines by part number, else product; a product alone is its one part where there is one."""
    parts: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        if line.part and line.product:
            parts[line.product].add(line.part)
    found: dict[str, list[SourceLine]] = defaultdict(list)
    for line in lines:
        only = parts.get(line.product or "", set())
        key = line.part or (next(iter(only)) if len(only) == 1 else line.product) or ""
        found[key].append(line)
    return found


def _items(lines: list[SourceLine]) -> Iterator[LineItem]:
    product = next((g.product for g in lines if g.product), None)
    part = next((g.part for g in lines if g.part), None)
    held = {name: _held(lines, name) for name in _NUMBERS}
    quantity, price, total = (held[name] for name in _NUMBERS)
    steps = [
        g
        for g in lines
        if price
        and g.fragment.fragment_id == price.fragment_id
        and {"quantity", "unit_price"} <= g.claims.keys()
    ]
    if len(steps) > 1:
        key = steps[0].fragment.fragment_id
        for g in steps:
            q, p = g.claims["quantity"], g.claims["unit_price"]
            yield _item(product, part, q, p, g.claims.get("total_price"), (key, key, key))
        return
    told = None
    if total and (price is None or total.occurred_at >= price.occurred_at):
        told = total.claim
    yield _item(
        product, part, quantity and quantity.claim, price and price.claim, told,
        tuple(c.fragment_id if c else None for c in (quantity, price, total)),
    )  # fmt: skip


def _held(lines: Sequence[SourceLine], name: str) -> Candidate | None:
    """The value that holds of a field among all lines of one product."""
    candidates = [
        Candidate(
            g.claims[name], g.fragment.fragment_id, g.fragment.kind, g.fragment.occurred_at,
            authority(g.fragment, name), False,
        )
        for g in lines
        if name in g.claims
    ]  # fmt: skip
    return choose(candidates) if candidates else None


def _item(
    product: str | None,
    part: str | None,
    quantity: Claim | None,
    price: Claim | None,
    total: Claim | None,
    sources: Sequence[str | None],
) -> LineItem:
    worth, inferred = None, False
    if total and total.high is not None:
        worth = total.high
    elif quantity and price and quantity.high and price.high:
        worth, inferred = round(quantity.high * price.high, 2), True
    money = price or total
    return LineItem(
        product=product,
        part_number=part,
        quantity=quantity,
        unit_price=price,
        currency=money.currency if money else None,
        total=worth,
        total_is_inferred=inferred,
        quantity_source=sources[0] if quantity else None,
        price_source=sources[1] if price else None,
        total_source=sources[2] if total else None,
    )
