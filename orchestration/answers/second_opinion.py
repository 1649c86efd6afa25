"""The user's language model on a buying group: optional, off without a key, kept for 30 days.

An analysis is kept in the enrichment cache under what the model was told, for the lifetime
``buying_group`` of ``config/enrichment.yaml``: a group that has changed is asked about anew, the
same group only once it has expired.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from activation.group_reading import Opinion, facts, messages, read_answer
from resources.enrichment.config import load_enrichment
from resources.enrichment.ledger import Ledger, Reservation
from resources.enrichment.values import Observation, Question, Subject
from resources.language_model import LanguageModel
from resources.settings import Settings
from resources.state import StateStore

OPERATION = "language_model.buying_group"
LIFETIME = "buying_group"
#: How sure an opinion is held to be: it is shown beside the rules and never counted.
CONFIDENCE = 0.5


def second_opinion(
    settings: Settings,
    state: StateStore,
    model: LanguageModel,
    group: Mapping[str, Any],
    members: Sequence[Mapping[str, Any]],
    now: datetime,
) -> tuple[Opinion, ...] | None:
    """What the model says of a group's core, kept or asked now; None when it gave no answer."""
    told = facts(group, members)
    question = Question(OPERATION, {"model": model.name, "told": told})
    ledger = Ledger(state)
    kept = ledger.answer(question, now)
    if kept is not None:
        return read_answer(kept.observations[0].value, members)
    answer = model.ask(messages(told, now.date().isoformat()))
    if answer is None:
        return None
    lifetime = load_enrichment(settings.config_dir, settings.environment).lifetimes[LIFETIME]
    company = str(group["company_id"])
    subject = Subject(
        "company",
        company,
        str(group["company_name"]),
        company,
        str(group["company_name"]),
        None,
        {},
    )
    said = [Observation("buying_group", answer, CONFIDENCE, OPERATION)]
    # The user's own model bills nothing through us: no credits are reserved.
    ledger.settle(Reservation(None, question, 0.0), subject, "found", said, 0.0, now, lifetime)
    return read_answer(answer, members)
