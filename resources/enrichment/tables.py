"""State tables of enrichment: answers, what they cost, what is known, and what was done.

They live in the state store because a paid answer cannot be computed again.
"""

from __future__ import annotations

import sqlalchemy as sa

from resources.state import UtcDateTime, metadata

enrichment_cache = sa.Table(
    "enrichment_cache",
    metadata,
    sa.Column("question_id", sa.String(64), primary_key=True, comment="hash of the question"),
    sa.Column("source", sa.String(32), nullable=False),
    sa.Column("operation", sa.String(64), nullable=False),
    sa.Column("entity_type", sa.String(16), nullable=False, comment="company, person"),
    sa.Column("entity_id", sa.String(64), nullable=False),
    sa.Column(
        "outcome", sa.String(20), nullable=False,
        comment="found, not_found, wrong_shape, withheld, rejected, suppressed",
    ),
    sa.Column("answer", sa.Text, nullable=False, comment="JSON list of observations"),
    sa.Column("detail", sa.Text, comment="masked; what was wrong"),
    sa.Column("fetched_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
)  # fmt: skip
_cache_index = sa.Index("enrichment_cache_by_entity", enrichment_cache.c.entity_id)

enrichment_charges = sa.Table(
    "enrichment_charges",
    metadata,
    sa.Column("charge_id", sa.String(36), primary_key=True),
    sa.Column("question_id", sa.String(64), nullable=False),
    sa.Column("run_id", sa.String(64), nullable=False),
    sa.Column("source", sa.String(32), nullable=False),
    sa.Column("operation", sa.String(64), nullable=False),
    sa.Column("period", sa.String(7), nullable=False, comment="calendar month, UTC"),
    sa.Column("reserved", sa.Float, nullable=False, comment="credits it may cost at most"),
    sa.Column("charged", sa.Float, comment="credits it did cost; null: not known yet"),
    sa.Column(
        "status", sa.String(16), nullable=False,
        comment="reserved, settled, released, in_doubt",
    ),
    sa.Column("reserved_at", UtcDateTime, nullable=False),
    sa.Column("settled_at", UtcDateTime),
    sa.Column("until", UtcDateTime, nullable=False, comment="until then not asked again"),
)  # fmt: skip
_charges_by_question = sa.Index("enrichment_charges_by_question", enrichment_charges.c.question_id)
_charges_by_period = sa.Index(
    "enrichment_charges_by_period", enrichment_charges.c.source, enrichment_charges.c.period
)

enriched_fields = sa.Table(
    "enriched_fields",
    metadata,
    sa.Column("entity_type", sa.String(16), primary_key=True, comment="company, person"),
    sa.Column("entity_id", sa.String(64), primary_key=True),
    sa.Column("field", sa.String(32), primary_key=True),
    sa.Column("operation", sa.String(64), primary_key=True, comment="who says it"),
    sa.Column("known_from", UtcDateTime, primary_key=True),
    sa.Column("known_to", UtcDateTime, comment="null: still so"),
    sa.Column("company_id", sa.String(64), nullable=False),
    sa.Column("entity_name", sa.String(300), nullable=False),
    sa.Column("source", sa.String(32), nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("confidence", sa.Float, nullable=False, comment="the source's; 0: it refutes"),
    sa.Column("value_confidence", sa.Float, nullable=False, comment="best of all who tell it"),
    sa.Column("is_winner", sa.Boolean, nullable=False),
    sa.Column("is_confident", sa.Boolean, nullable=False, comment="the search ended with it"),
    sa.Column("reason", sa.Text, nullable=False, comment="why it won, or who won"),
    sa.Column("basis", sa.Text, comment="what the confidence rests on"),
    sa.Column("level", sa.String(16), nullable=False),
    sa.Column("stated_at", sa.String(40), comment="the source's own date, as it writes it"),
    sa.Column("source_url", sa.Text),
    sa.Column("fetched_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
)
_fields_by_company = sa.Index("enriched_fields_by_company", enriched_fields.c.company_id)

enrichment_steps = sa.Table(
    "enrichment_steps",
    metadata,
    sa.Column("run_id", sa.String(64), primary_key=True),
    sa.Column("step", sa.Integer, primary_key=True),
    sa.Column("asked_at", UtcDateTime, nullable=False),
    sa.Column("entity_type", sa.String(16), nullable=False),
    sa.Column("entity_id", sa.String(64), nullable=False),
    sa.Column("company_id", sa.String(64), nullable=False),
    sa.Column("field", sa.String(32), comment="the field that made it ask"),
    sa.Column("operation", sa.String(64), nullable=False),
    sa.Column("source", sa.String(32), nullable=False),
    sa.Column("outcome", sa.String(24), nullable=False),
    sa.Column("credits", sa.Float, nullable=False, default=0.0),
    sa.Column("detail", sa.Text, comment="masked; what happened"),
)

people_searches = sa.Table(
    "people_searches",
    metadata,
    sa.Column("company_id", sa.String(64), primary_key=True),
    sa.Column("searched_at", UtcDateTime, primary_key=True),
    sa.Column("until", UtcDateTime, nullable=False, comment="until then not searched again"),
    sa.Column("run_id", sa.String(64), nullable=False),
    sa.Column("wanted", sa.Integer, nullable=False, comment="contacts wanted at the company"),
    sa.Column("known", sa.Integer, nullable=False, comment="contacts known before"),
    sa.Column("found", sa.Integer, nullable=False, comment="people nobody knew"),
    sa.Column("confirmed", sa.Integer, nullable=False, comment="known people told again"),
    sa.Column("left_out", sa.Integer, nullable=False, comment="told, but known to have left"),
    sa.Column("credits", sa.Float, nullable=False),
    sa.Column(
        "ended", sa.String(16), nullable=False,
        comment="enough, nobody_left, credits, unanswered, suppressed",
    ),
    sa.Column("sources", sa.String(200), comment="providers that named new people, with how many"),
)  # fmt: skip
