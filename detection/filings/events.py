"""Agreements, acquisitions and financings that the items of an 8-K tell, as typed events.

Items 1.01, 2.01, 2.03 and 3.02, and before 23 August 2004 items 1, 2 and 5. A credit agreement is
a debt financing, a lease of new space an expansion, a merger an acquisition, a supply contract with
a named company a partnership; pay gives nothing (item 5.02 tells of people), and what remains is a
regulatory filing. Nothing is guessed: a counterparty, amount or place the text lacks is None.
"""

from __future__ import annotations

import re
from datetime import date

from detection.filings.agreements import kind_of, only_refers
from detection.filings.deals import agreed_deals, completed_deals
from detection.filings.event_reading import FilingEventReading, regulatory_filing, telling
from detection.filings.financings import financing_events, unregistered_sales
from detection.filings.leases import lease_events
from detection.filings.partnerships import partnership_events
from detection.filings.text import is_title, item_sentences

#: Items that are read, in the order in which one event told twice is kept.
ITEM_CODES = ("2.01", "1.01", "2.03", "3.02", "2", "5")
_SIGNED = re.compile(r"\b(?:enter(?:ed|ing) into|signed|executed|agreed)\b", re.I)


def read_filing_events(
    code: str, text: str, filed_on: date | None = None, company: str | None = None
) -> list[FilingEventReading]:
    """Events that the item ``code`` tells; none when it only points elsewhere or speaks of pay.

    ``filed_on`` bounds dates: a day more than 400 days away is the date of an older paper.
    ``company`` is the registrant, which is never its own counterparty.
    """
    if code not in ITEM_CODES or only_refers(text):
        return []
    sentences = item_sentences(text)
    body = [s for s in sentences if len(s) > 40 or s[-1:] in ".;"]
    if not body or (len(body) == 1 and is_title(body[0])):
        return []
    if code in ("2.01", "2"):
        sold = completed_deals(body, filed_on, company)
        return sold or [regulatory_filing("assets_acquired_or_sold", body[0], filed_on)]
    kind = kind_of(" ".join(body))
    if not _speaks(code, kind, body[0]):
        return []
    if code == "3.02":
        return unregistered_sales(kind, body, filed_on, company)
    if kind == "lease":
        return lease_events(body, filed_on, company)
    if kind in ("debt", "equity"):
        return financing_events(kind, body, filed_on, company)
    if kind not in (None, "other", "merger", "purchase"):
        return partnership_events(kind, body, filed_on, company)
    deals = agreed_deals(body, filed_on, company) if kind in ("merger", "purchase") else []
    if not deals and code == "1.01":
        return [regulatory_filing("material_agreement", telling(body), filed_on)]
    return deals


def _speaks(code: str, kind: str | None, first: str) -> bool:
    """Whether an item of this kind of agreement tells of an event at all."""
    if code == "3.02":
        return True
    if code == "2.03":
        return kind == "debt"
    if code == "5":
        # "Other events" held dividends and results too: only what says that a paper was signed.
        return kind in ("merger", "purchase", "debt", "equity") and bool(_SIGNED.search(first))
    return kind != "pay"
