"""Alerts: what the rules say of the current publication, delivered once through the outbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import dagster as dg

from activation.evaluation import Alert, evaluate, evidence_since
from activation.outbox import Known, RetryPolicy, candidate_ids, longest_cooldown, plan
from activation.questions import HISTORY, LEADS, PREVIOUS, SIGNALS
from activation.rules import RULES_FILE, AlertConfig, load_rules
from activation.watchlist import WATCHLIST_FILE, Watched, load_watchlist, matches, watch_alerts
from assets.common import OWNERS, Platform
from assets.publication import PUBLICATION_KEY
from resources.notifiers.delivery import DeliveryReport, deliver
from resources.notifiers.outbox_store import OutboxStore
from resources.notifiers.registry import build_channels
from resources.publication import ask, connect_published
from resources.settings import Settings
from resources.sources.ingestion import Services

Row = dict[str, Any]

ALERTS_KEY = dg.AssetKey(["activation", "alert_deliveries"])


@dataclass(frozen=True)
class AlertRun:
    """What one round of alerting did."""

    alerts: int
    enqueued: int
    report: DeliveryReport
    switched_off: Mapping[str, str]


def deliver_alerts(settings: Settings, services: Services) -> AlertRun:
    """Evaluate rules and watchlist on the current publication, enqueue what is new, send it.

    Raises ``ConfigurationError`` or ``RuleError`` naming file and rule, and ``PublicationError``
    when nothing is published yet.
    """
    path = settings.config_dir / RULES_FILE
    config = load_rules(path)
    watchlist = load_watchlist(settings.config_dir / WATCHLIST_FILE, config.channels)
    now = services.clock.now
    with connect_published(settings.published) as connection:
        alerts = _alerts(connection, config, watchlist, now())
    channels = build_channels(config.channels, settings.inbox, file=str(path))
    store = OutboxStore(services.state)
    try:
        moment = now()
        rows = store.enqueue(
            candidate_ids(alerts),
            longest_cooldown(alerts),
            moment,
            lambda known: plan(alerts, [_known(row) for row in known], channels.notifiers, moment),
        )
        report = deliver(store, channels.notifiers, RetryPolicy.of(config.retry), now)
    finally:
        channels.close()
    return AlertRun(len(alerts), len(rows), report, channels.switched_off)


def _alerts(
    connection: Any, config: AlertConfig, watchlist: Sequence[Watched], now: datetime
) -> list[Alert]:
    leads = ask(connection, LEADS)
    if not leads:
        return []
    as_of: date = max(lead["as_of"] for lead in leads)
    signals = ask(connection, SIGNALS, {"since": evidence_since(config.enabled_rules, as_of)})
    alerts = evaluate(
        config.enabled_rules,
        leads,
        signals,
        ask(connection, PREVIOUS, {"as_of": as_of}),
        as_of,
        now,
    )
    marked = [lead for lead in leads if any(matches(watched, lead) for watched in watchlist)]
    if not marked:
        return alerts
    companies = sorted({lead["company_id"] for lead in marked})
    history = ask(connection, HISTORY, {"company_ids": companies})
    return alerts + watch_alerts(watchlist, marked, signals, history, as_of, now)


def _known(row: Mapping[str, Any]) -> Known:
    return Known(**{name: row[name] for name in Known.__dataclass_fields__})


@dg.asset(
    key=ALERTS_KEY,
    deps=[PUBLICATION_KEY],
    description=(
        "One delivery per alert and channel: each signal and rule is told once, a failure is tried "
        "again, a restart repeats none."
    ),
    group_name="activation",
    kinds={"python"},
    owners=OWNERS,
)
def alert_deliveries(context: dg.AssetExecutionContext, platform: Platform) -> dg.MaterializeResult:
    """Evaluate the rules on the current publication and deliver."""
    run = deliver_alerts(platform.settings, platform.services)
    return dg.MaterializeResult(
        metadata={
            "alerts": run.alerts,
            "enqueued": run.enqueued,
            **run.report.metadata(),
            "channels_off": dg.MetadataValue.json(dict(run.switched_off)),
        }
    )
