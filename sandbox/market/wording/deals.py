"""Takeovers from either side, partnerships, launches."""

# ruff: noqa: E501 - a template is one sentence on one line

ACQUISITION_TITLES = (
    "{c} acquires {other}",
    "{c} buys {other}{for_amount}",
    "{c} completes acquisition of {other}",
    "{other} taken over by {c}",
)
ACQUISITION_LEADS = (
    "{c} has acquired {other}{for_amount}, adding to its {topic} business.",
    "{c} completed the acquisition of {other}{for_amount}, the {city} company said.",
    "{other} has been bought by {c}{for_amount}.",
)
ACQUISITION_PLAN_TITLES = (
    "{c} to acquire {other}",
    "{c} agrees to buy {other}",
    "{c} signs deal for {other}",
)
ACQUISITION_PLAN_LEADS = (
    "{c} has agreed to acquire {other}{for_amount}.",
    "{c} plans to buy {other}{for_amount}, subject to the approval of regulators.",
)
TARGET_TITLES = (
    "{other} acquired by {c}",
    "{other} bought by {c}",
)
TARGET_LEADS = (
    "{other} has been acquired by {c}{for_amount}, the two companies said.",
    "{other} today announced that it has been bought by {c}{for_amount}.",
)
TARGET_PLAN_TITLES = (
    "{other} to be acquired by {c}",
    "{other} agrees to be bought by {c}",
)
TARGET_PLAN_LEADS = (
    "{other} has agreed to be acquired by {c}{for_amount}.",
    "{other} will be acquired by {c}{for_amount}, subject to the approval of regulators.",
)
ACQUISITION_RUMOUR_LEADS = (
    "{c} is exploring a takeover of {other}, according to people familiar with the matter. No decision has been made.",
    "{c} has held early discussions about buying {other}, sources said.",
)
PARTNERSHIP_TITLES = (
    "{c} and {other} announce partnership",
    "{c} teams up with {other}",
    "{c}, {other} join forces",
)
PARTNERSHIP_LEADS = (
    "{c} and {other} have entered into a strategic partnership in {topic}.",
    "{c} has teamed up with {other} to offer {topic} to joint customers.",
    "{c} today announced a collaboration agreement with {other}.",
)
LAUNCH_TITLES = (
    "{c} launches {product}",
    "{c} unveils {product}",
    "{c} introduces {product} for {topic}",
)
LAUNCH_LEADS = (
    "{c} today launched {product}, a new product for {topic}.",
    "{c} has introduced {product}, which the company says makes {topic} simpler.",
    "The {city} company {c} unveiled {product} this week.",
)
GENERAL_MORE = (
    "Financial terms were not disclosed.",
    "Customers will be able to use the offering from next month.",
    "{c} was founded in {founded} and is based in {city}.",
    '"This is a natural next step for us," a spokesperson said.',
    "The company employs about {employees} people.",
)

#: When a takeover closes or has closed; ``{when}`` has its own preposition.
CLOSING = (
    "The transaction is expected to close {when}.",
    "The companies expect to complete the deal {when}, subject to customary conditions.",
    "Closing is expected {when}.",
    "The acquisition will take effect {when}.",
)
CLOSED = (
    "The transaction was completed {when}.",
    "The acquisition took effect {when}.",
    "The deal closed {when}.",
)
