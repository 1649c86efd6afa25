"""The tables of the state store, and how they hold time."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """A UTC time: aware in Python, ``timestamptz`` in PostgreSQL, ISO text in SQLite."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse a naive time: it would be read back as another moment."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"time {value!r} has no timezone; pass an aware UTC datetime")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Give the time back aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = sa.MetaData()

schema_version = sa.Table(
    "schema_version",
    metadata,
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("applied_at", UtcDateTime, nullable=False),
)

cursors = sa.Table(
    "cursors",
    metadata,
    sa.Column("source", sa.String(64), primary_key=True),
    sa.Column("stream", sa.String(64), primary_key=True),
    sa.Column("key", sa.String(255), primary_key=True, comment="'' or the company asked about"),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
)

source_runs = sa.Table(
    "source_runs",
    metadata,
    sa.Column("run_id", sa.String(36), primary_key=True),
    sa.Column("source", sa.String(64), nullable=False),
    sa.Column("day", sa.Date, nullable=False, comment="partition that was fetched"),
    sa.Column(
        "status", sa.String(20), nullable=False, comment="ok, unchanged, partial, failed, ..."
    ),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("finished_at", UtcDateTime, nullable=False),
    sa.Column("records", sa.BigInteger, nullable=False, default=0),
    sa.Column("new_rows", sa.BigInteger, nullable=False, default=0),
    sa.Column("bytes", sa.BigInteger, nullable=False, default=0),
    sa.Column("requests", sa.BigInteger, nullable=False, default=0),
    sa.Column("cache_hits", sa.BigInteger, nullable=False, default=0),
    sa.Column("rejected", sa.BigInteger, nullable=False, default=0),
    sa.Column("failed_targets", sa.BigInteger, nullable=False, default=0),
    sa.Column("seconds", sa.Float, nullable=False, default=0.0),
    sa.Column("error", sa.Text),
)

_source_runs_index = sa.Index("source_runs_by_source", source_runs.c.source, source_runs.c.day)

asked_companies = sa.Table(
    "asked_companies",
    metadata,
    sa.Column("source", sa.String(64), primary_key=True),
    sa.Column("key_type", sa.String(16), primary_key=True, comment="name, domain, cik, board"),
    sa.Column("key", sa.String(255), primary_key=True, comment="what the source was asked by"),
    sa.Column("asked_at", UtcDateTime, nullable=False),
    sa.Column("error", sa.Text, comment="null: it answered, if only with nothing"),
)

circuits = sa.Table(
    "circuits",
    metadata,
    sa.Column("source", sa.String(64), primary_key=True),
    sa.Column("host", sa.String(255), primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("opened_at", UtcDateTime, comment="null: it fails, but not often enough yet"),
    sa.Column("probe_at", UtcDateTime, comment="from then on one question may be asked"),
    sa.Column("pause_seconds", sa.Float, nullable=False, default=0.0),
    sa.Column("last_error", sa.Text),
)

publications = sa.Table(
    "publications",
    metadata,
    sa.Column("version", sa.String(64), primary_key=True),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column(
        "status", sa.String(20), nullable=False, comment="current, kept, rolled_back, pruned"
    ),
    sa.Column("published_at", UtcDateTime, nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("bytes", sa.BigInteger, nullable=False, default=0),
    sa.Column("tables", sa.Integer, nullable=False, default=0),
    sa.Column("rows", sa.BigInteger, nullable=False, default=0),
    sa.Column("run_id", sa.String(64)),
    sa.Column("note", sa.Text),
)

alert_deliveries = sa.Table(
    "alert_deliveries",
    metadata,
    sa.Column("delivery_id", sa.String(64), primary_key=True, comment="rule + signal + channel"),
    sa.Column("rule_id", sa.String(128), nullable=False),
    sa.Column("signal_id", sa.String(128), comment="null: the alert is about a lead"),
    sa.Column("company_id", sa.String(128), comment="null: a digest of several companies"),
    sa.Column("channel", sa.String(64), nullable=False),
    sa.Column("payload", sa.Text, nullable=False, comment="JSON of what is said"),
    sa.Column(
        "priority",
        sa.String(16),
        nullable=False,
        default="medium",
        comment="critical, high, medium, low",
    ),
    sa.Column(
        "status",
        sa.String(20),
        nullable=False,
        comment="pending, sending, retrying, delivered, abandoned, in_digest, suppressed",
    ),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("next_attempt_at", UtcDateTime, nullable=False),
    sa.Column("last_error", sa.Text),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("delivered_at", UtcDateTime),
)

_alert_deliveries_index = sa.Index(
    "alert_deliveries_due", alert_deliveries.c.status, alert_deliveries.c.next_attempt_at
)

pipeline_runs = sa.Table(
    "pipeline_runs",
    metadata,
    sa.Column("run_id", sa.String(64), primary_key=True),
    sa.Column("job", sa.String(128), nullable=False),
    sa.Column("as_of", sa.Date),
    sa.Column("environment", sa.String(64), nullable=False),
    sa.Column("status", sa.String(20), nullable=False, comment="running, succeeded, failed"),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("finished_at", UtcDateTime),
    sa.Column("publication", sa.String(64)),
    sa.Column("error", sa.Text),
    sa.Column("details", sa.Text, comment="JSON of figures worth keeping"),
)
