"""The generator: deals and distractors mixed, deterministic by seed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random

from sandbox.correspondence.casting import Customer, customers, deals
from sandbox.correspondence.dealing import add_deal
from sandbox.correspondence.distractors import add_distractor
from sandbox.correspondence.records import Correspondence
from sandbox.correspondence.wording import OTHER, USUAL, Wording

#: First day of the year that the correspondence fills.
START = date(2026, 1, 5)


def generate(
    seed: int,
    number_of_deals: int,
    number_of_distractors: int,
    start: date = START,
    words: Sequence[Wording] = (USUAL, OTHER),
    buyers: Sequence[Customer] = (),
) -> Correspondence:
    """Sources and truth; a seed and sizes name the same bytes on every machine.

    ``words`` are the wordings that deals are written in, one each; ``buyers`` the customers, where
    they are not to be invented.
    """
    random = Random(seed)
    into = Correspondence()
    cast = deals(number_of_deals, random, start, buyers)
    for deal in cast:
        # Each deal draws from its own stream.
        add_deal(
            deal,
            Random(f"{seed}/{deal.deal_id}"),
            into,
            Random(f"{seed}/words/{deal.deal_id}").choice(words),
        )
    known = [deal.customer for deal in cast] or customers(5, random)
    for index in range(number_of_distractors):
        add_distractor(index, known, start, Random(f"{seed}/other/{index}"), into)
    order = Random(f"{seed}/order")
    order.shuffle(into.mails)
    return into
