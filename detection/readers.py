"""From lake rows to detection rows: which reader reads which streams, and what happens to bad rows.

A reader takes one lake row (the envelope as a mapping) and gives typed records. A document that
cannot be read is set aside with its reason; it never stops the others.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from detection.errors import UnreadableError
from detection.records import DETECTIONS, Detection, detection_id

if TYPE_CHECKING:
    import pyarrow as pa

    from detection.press import PressReading
    from detection.press.articles import Article

Row = Mapping[str, Any]

#: Characters of a document or payload kept with a rejected row.
EXCERPT = 300
#: Characters of an item's text kept in the detection row.
ITEM_EXCERPT = 4_000
#: Bytes of a document above which it is set aside unread.
MAX_DOCUMENT = 25_000_000


@dataclass(frozen=True)
class Reader:
    """One detection table: where its rows come from and how one lake row is read."""

    table: str
    #: (source, stream) pairs that are read, in this order; source "*" is every source that has it.
    streams: tuple[tuple[str, str], ...]
    record: type[Detection]
    name: str
    version: str
    read: Callable[[Row], Iterable[Detection]]
    #: Lake columns the reader needs (all but large ones it never looks at).
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Rejected:
    """A lake row that could not be read, with what a person needs to mend it."""

    source: str
    stream: str
    record_id: str
    payload_sha256: str
    #: Short stable name of the fault.
    rule: str
    reason: str
    excerpt: str


@dataclass(frozen=True)
class ReadResult:
    """What reading gave: typed rows, and the rows set aside."""

    rows: list[Detection]
    rejected: list[Rejected]


_COMMON = (
    "source",
    "stream",
    "record_id",
    "observed_at",
    "fetched_at",
    "source_url",
    "payload",
    "payload_sha256",
)
_WITH_BODY = (*_COMMON, "body", "media_type")


def _base(row: Row, name: str, version: str, ordinal: int, confidence: float, evidence: str | None):
    """The columns every detection shares."""
    return {
        "detection_id": detection_id(row["payload_sha256"], row["record_id"], name, ordinal),
        "source": row["source"],
        "stream": row["stream"],
        "record_id": row["record_id"],
        "payload_sha256": row["payload_sha256"],
        "source_url": row.get("source_url"),
        "observed_at": row["observed_at"],
        "fetched_at": row["fetched_at"],
        "reader": name,
        "reader_version": version,
        "confidence": round(confidence, 3),
        "evidence": evidence[:2_000] if evidence else None,
    }


def _payload(row: Row) -> dict[str, Any]:
    try:
        payload = json.loads(row["payload"])
    except (TypeError, ValueError, RecursionError) as error:
        raise UnreadableError("payload_not_json", str(error)) from error
    if not isinstance(payload, dict):
        raise UnreadableError("payload_not_object", f"the payload is a {type(payload).__name__}")
    return payload


def _body(row: Row) -> bytes:
    body = row.get("body")
    if not body:
        raise UnreadableError("no_body", "the record carries no document")
    if len(body) > MAX_DOCUMENT:
        raise UnreadableError("too_large", f"{len(body)} bytes, at most {MAX_DOCUMENT} are read")
    return body


def _text(value: object) -> str | None:
    if value is None:
        return None
    text = str(value).strip()
    return text or None


def _required(payload: Mapping[str, Any], key: str) -> str:
    value = _text(payload.get(key))
    if value is None:
        raise UnreadableError("missing_field", f"the payload has no {key!r}")
    return value


def _iso_day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _filed_on(payload: Mapping[str, Any], row: Row, stated: date | None = None) -> date:
    day = _iso_day(payload.get("filingDate")) or stated
    return day or row["observed_at"].date()


# --- SEC ------------------------------------------------------------------------------------------
FORM_D_VERSION = "2"
FILING_VERSION = "1"
FILING_EVENT_VERSION = "1"
EXECUTIVE_VERSION = "4"
LEADERSHIP_VERSION = "1"
MOVES_VERSION = "1"


def read_form_d_row(row: Row) -> Iterator[Detection]:
    """A Form D document as one offering."""
    from detection.form_d import read_form_d

    payload = _payload(row)
    notice = read_form_d(_body(row))
    amount = "Indefinite" if notice.is_indefinite else notice.total_offering_amount
    yield DETECTIONS["form_d_offerings"](
        **_base(
            row,
            "form_d",
            FORM_D_VERSION,
            0,
            1.0,
            f"totalOfferingAmount={amount}; totalAmountSold={notice.total_amount_sold}",
        ),
        cik=notice.cik,
        issuer_name=notice.issuer_name,
        entity_type=notice.entity_type,
        jurisdiction=notice.jurisdiction,
        year_of_incorporation=notice.year_of_incorporation,
        city=notice.city,
        state_or_country=notice.state_or_country,
        industry_group=notice.industry_group,
        is_pooled_fund=notice.is_pooled_fund,
        is_amendment=notice.is_amendment,
        previous_accession_number=notice.previous_accession_number,
        accession_number=_text(payload.get("accessionNumber"))
        or notice.accession_number
        or row["record_id"],
        filed_on=_filed_on(payload, row, notice.filed_on),
        first_sale_on=notice.first_sale_on,
        total_offering_amount=notice.total_offering_amount,
        is_indefinite=notice.is_indefinite,
        total_amount_sold=notice.total_amount_sold,
        total_remaining=notice.total_remaining,
        investor_count=notice.investor_count,
        minimum_investment=notice.minimum_investment,
        is_equity=notice.is_equity,
        is_debt=notice.is_debt,
        related_persons=json.dumps(
            [
                {"name": p.name, "relationships": list(p.relationships)}
                for p in notice.related_persons
            ],
            ensure_ascii=False,
        ),
    )


def _filing(row: Row):
    from detection.filing_8k import read_8k

    payload = _payload(row)
    filing = read_8k(_body(row), _iso_day(payload.get("filingDate")))
    cik = _text(payload.get("cik")) or filing.cik
    if cik is None:
        raise UnreadableError("missing_field", "neither payload nor document states a CIK")
    company = _text(payload.get("companyName")) or filing.company_name
    if company is None:
        raise UnreadableError("missing_field", "neither payload nor document names the company")
    return payload, filing, cik.zfill(10), company


def read_filing_items_row(row: Row) -> Iterator[Detection]:
    """An 8-K as its items; a filing without a recognisable heading is set aside."""
    payload, filing, cik, company = _filing(row)
    if not filing.items:
        raise UnreadableError("no_items", "no item heading of Form 8-K in the document")
    for ordinal, item in enumerate(filing.items):
        yield DETECTIONS["filing_items"](
            **_base(
                row,
                "filing_8k",
                FILING_VERSION,
                ordinal,
                0.98,
                f"Item {item.code} {item.text[:200]}".strip(),
            ),
            cik=cik,
            company_name=company,
            accession_number=_text(payload.get("accessionNumber")) or row["record_id"],
            filed_on=_filed_on(payload, row, filing.filed_on),
            item_code=item.code,
            item_title=item.title,
            text_excerpt=item.text[:ITEM_EXCERPT] or None,
        )


def read_filing_events_row(row: Row) -> Iterator[Detection]:
    """The agreements, acquisitions and financings that an 8-K's items tell; none is no fault.

    Two items of one filing often tell one event (2.01 and 1.01, 1.01 and 2.03): the first counts.
    """
    from detection.filing_events import ITEM_CODES, read_filing_events
    from detection.names import normalize_company_name

    payload, filing, cik, company = _filing(row)
    filed_on = _filed_on(payload, row, filing.filed_on)
    seen: list[tuple[str, str, str]] = []
    ordinal = 0
    for code in ITEM_CODES:
        text = filing.text_of(code)
        if not text:
            continue
        for event in read_filing_events(code, text, filed_on, company):
            other = normalize_company_name(event.counterparty_name or "")
            # An item that names nobody adds nothing to one of the same kind that does.
            if any(
                (event.signal_type, event.signal_subtype) == told[:2]
                and (not other or other == told[2] or event.signal_type == "funding_round")
                for told in seen
            ):
                continue
            seen.append((event.signal_type, event.signal_subtype, other))
            yield DETECTIONS["filing_events"](
                **_base(
                    row,
                    "filing_events",
                    FILING_EVENT_VERSION,
                    ordinal,
                    event.confidence,
                    f"Item {code}: {event.sentence}",
                ),
                cik=cik,
                company_name=company,
                accession_number=_text(payload.get("accessionNumber")) or row["record_id"],
                filed_on=filed_on,
                item_code=code,
                signal_type=event.signal_type,
                signal_subtype=event.signal_subtype,
                status=event.status,
                polarity=event.polarity,
                occurred_on=event.occurred_on,
                counterparty_name=event.counterparty_name,
                amount=event.amount,
                currency=event.currency,
                round_type=event.round_type,
                city=event.city,
                country=event.country,
                square_feet=event.square_feet,
            )
            ordinal += 1


def read_executive_changes_row(row: Row) -> Iterator[Detection]:
    """The changes of executives that an 8-K's items tell; none is no fault."""
    from detection.executive_changes import ITEM_CODES, read_executive_changes

    payload, filing, cik, company = _filing(row)
    filed_on = _filed_on(payload, row, filing.filed_on)
    seen: set[tuple[str, str]] = set()
    ordinal = 0
    for code in ITEM_CODES:
        text = filing.text_of(code)
        if not text:
            continue
        for change in read_executive_changes(text, filed_on, company):
            key = (change.person_name.casefold(), change.direction)
            if key in seen:
                continue
            seen.add(key)
            yield DETECTIONS["executive_changes"](
                **_base(
                    row,
                    "executive_changes",
                    EXECUTIVE_VERSION,
                    ordinal,
                    change.confidence,
                    change.sentence,
                ),
                cik=cik,
                company_name=company,
                person_name=change.person_name,
                position=change.position,
                level=change.level,
                department=change.department,
                change_type=change.change_type,
                direction=change.direction,
                announced_on=filed_on,
                effective_on=change.effective_on,
                is_interim=change.is_interim,
                is_board_only=change.is_board_only,
                predecessor_name=change.predecessor_name,
                successor_name=change.successor_name,
                earlier_companies=json.dumps(list(change.earlier_companies), ensure_ascii=False),
            )
            ordinal += 1


# --- Press ----------------------------------------------------------------------------------------
PRESS_VERSION = "3"
SOCIAL_VERSION = "2"
#: Streams of articles: feeds of outlets, and services that search the press for a company.
ARTICLE_STREAMS = (("press", "articles"), ("newsapi", "articles"), ("google_news", "articles"))
#: Characters of a post that stand as its title.
TITLE_LENGTH = 140


#: Columns of a press event that bear the name of the event's own field.
_EVENT_FIELDS = (
    "company_name", "signal_type", "signal_subtype", "occurred_on", "status", "polarity", "amount",
    "currency", "round_type", "lead_investor", "person_name", "position", "level", "department",
    "change_type", "city", "country", "headcount", "counterparty_name", "product_name", "sentence",
)  # fmt: skip


def read_press_row(row: Row) -> Iterator[Detection]:
    """One feed entry as its events; an entry that tells none gives none."""
    from detection.news.shipped import shipped_engine
    from detection.press import read_press
    from detection.press.articles import named_in_headline

    article, published_at = article_in(row)
    title = article.title or ""
    events = read_press(title, article.summary, article.content, published_at, shipped_engine)
    if not events and article.asked_company:
        events = named_in_headline(title, article.asked_company, published_at)
    yield from press_rows(row, article, published_at, events)


def article_in(row: Row) -> tuple[Article, datetime]:
    """The article of a lake row, and when it was published; raises ``UnreadableError``."""
    from detection.press.articles import article_of

    article = article_of(row["source"], _payload(row))
    if article.title is None and article.summary is None and article.content is None:
        raise UnreadableError("missing_field", "the entry has neither title nor text")
    return article, _timestamp(article.published) or row["observed_at"]


def press_rows(
    row: Row,
    article: Article,
    published_at: datetime,
    events: Iterable[PressReading],
    reader: str = "press",
) -> Iterator[Detection]:
    """The events that ``reader`` found in an article as detection rows."""
    from detection.press import body_text, content_fingerprint
    from detection.press.releases import sketch

    events = list(events)
    if not events:
        return
    title, body = article.title or "", body_text(article.summary, article.content)
    fingerprint, lead = content_fingerprint(title, body), sketch(title, body)
    for ordinal, event in enumerate(events):
        yield DETECTIONS["press_events"](
            **_base(
                row,
                reader,
                _press_version(PRESS_VERSION, event),
                ordinal,
                event.confidence,
                event.sentence,
            ),
            outlet=article.outlet or row["source"],
            title=title,
            published_at=published_at,
            company_domain=event.company_domain,
            **_event_fields(event),
            content_fingerprint=fingerprint,
            release_id=fingerprint,
            release_sketch=lead,
        )


def _event_fields(event: PressReading) -> dict[str, Any]:
    """What an event says of itself, as columns; whose domain it is depends on where it was told."""
    from detection.press import investors_json

    told = {name: getattr(event, name) for name in _EVENT_FIELDS}
    return told | {"investors": investors_json(event)}


def _press_version(version: str, event: PressReading) -> str:
    """The reader's version, with the learned engine's where that found the event."""
    return f"{version} + {event.engine}" if event.engine else version


def _timestamp(value: object) -> datetime | None:
    """An ISO 8601 or RFC 2822 time in UTC; None when it is neither or names no plausible year."""
    text = _text(value)
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        from email.utils import parsedate_to_datetime

        try:
            found = parsedate_to_datetime(text)
        except (TypeError, ValueError, IndexError):
            return None
    if not 1990 <= found.year <= 2100:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _mapped_fields(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """The typed fields of a mapped record."""
    fields = payload.get("fields")
    if not isinstance(fields, dict):
        raise UnreadableError("missing_field", "the mapped record has no 'fields'")
    return fields


def read_social_post_row(row: Row) -> Iterator[Detection]:
    """A social post as the events it tells, read like a press item.

    One that tells no event gives a social signal of the company it is by or about, if it says whose
    it is. Where no event names a company, the post's own company is meant.
    """
    from detection.news.shipped import shipped_engine
    from detection.press import content_fingerprint, read_press
    from detection.press.releases import sketch

    fields = _mapped_fields(_payload(row))
    text, published_at = _required(fields, "text"), _timestamp(fields.get("posted_at"))
    published_at = published_at or row["observed_at"]
    author, company = _text(fields.get("author_name")), _text(fields.get("company_name"))
    domain = _text(fields.get("company_domain"))
    outlet = (_text(fields.get("network")) or row["source"]).casefold()
    title = text if len(text) <= TITLE_LENGTH else text[: TITLE_LENGTH - 1].rstrip() + "…"
    fingerprint = content_fingerprint("", text)
    common = {"outlet": outlet, "title": title, "published_at": published_at,
              "content_fingerprint": fingerprint, "release_id": fingerprint,
              "release_sketch": sketch("", text)}  # fmt: skip
    events = read_press("", None, text, published_at, shipped_engine)
    for ordinal, event in enumerate(events):
        is_own = (company or author or "").casefold() == event.company_name.casefold()
        yield DETECTIONS["press_events"](
            **_base(
                row,
                "social",
                _press_version(SOCIAL_VERSION, event),
                ordinal,
                event.confidence,
                event.sentence,
            ),
            **common,
            company_domain=event.company_domain or (domain if is_own else None),
            **_event_fields(event),
        )
    if not events and (company or domain):
        absent = dict.fromkeys(
            ("amount", "currency", "round_type", "lead_investor", "person_name", "position",
             "level", "department", "change_type", "city", "country", "headcount",
             "counterparty_name", "signal_subtype")
        )  # fmt: skip
        yield DETECTIONS["press_events"](
            **_base(row, "social", SOCIAL_VERSION, 0, 0.6, text[:ITEM_EXCERPT]),
            **common,
            **absent,
            company_name=company or str(domain),
            company_domain=domain,
            signal_type="social_signal",
            occurred_on=published_at.date(),
            status="done",
            polarity="positive",
            investors="[]",
            sentence=text[:ITEM_EXCERPT],
        )


def read_leadership_row(row: Row) -> Iterator[Detection]:
    """A reading of a leadership page as the persons it shows; an error page shows none."""
    from detection.leadership import read_leadership

    payload = _payload(row)
    domain = _required(payload, "domain")
    status = payload.get("status")
    if isinstance(status, int) and status >= 400:
        return
    url = _text(payload.get("url")) or row.get("source_url") or f"https://{domain}/"
    for ordinal, leader in enumerate(read_leadership(_body(row))):
        yield DETECTIONS["leadership_entries"](
            **_base(
                row,
                "leadership",
                LEADERSHIP_VERSION,
                ordinal,
                leader.confidence,
                leader.element,
            ),
            domain=domain,
            page_url=url,
            read_at=row["fetched_at"],
            person_name=leader.person_name,
            position=leader.position,
            level=leader.level,
            department=leader.department,
            is_interim=leader.is_interim,
            is_board_only=leader.is_board_only,
        )


def read_employee_moves_row(row: Row) -> Iterator[Detection]:
    """An employee's profile as the moves its positions tell; none is no fault."""
    from detection.employee_moves import read_moves

    payload = _payload(row)
    person = _required(payload, "full_name")
    for ordinal, move in enumerate(read_moves(payload)):
        yield DETECTIONS["employee_moves"](
            **_base(
                row,
                "employee_moves",
                MOVES_VERSION,
                ordinal,
                0.9 if move.changed.precision == "month" else 0.75,
                f"{person}: {move.evidence}",
            ),
            company_name=move.position.company,
            company_domain=move.position.domain,
            person_name=person,
            position=move.position.title,
            level=move.level,
            department=move.department,
            change_type=move.change_type,
            direction=move.direction,
            changed_on=move.changed.first_day,
            date_precision=move.changed.precision,
            is_interim=move.is_interim,
            is_board_only=move.is_board_only,
            earlier_companies=_json(list(move.earlier_companies)),
        )


# --- Technology -----------------------------------------------------------------------------------
TECHNOLOGY_VERSION = "2"


def read_technology_row(row: Row) -> Iterator[Detection]:
    """One scanned page as the technologies seen on it; an error page gives none."""
    from detection.fingerprints import default_engine

    payload = _payload(row)
    domain = _required(payload, "domain")
    status = payload.get("status")
    if isinstance(status, int) and status >= 400:
        return
    headers = payload.get("headers")
    body = row.get("body") or b""
    if len(body) > MAX_DOCUMENT:
        raise UnreadableError("too_large", f"{len(body)} bytes, at most {MAX_DOCUMENT} are read")
    url = _text(payload.get("url")) or row.get("source_url") or f"https://{domain}/"
    engine = default_engine()
    version = TECHNOLOGY_VERSION + engine.edition
    found = engine.detect(body, headers if isinstance(headers, Mapping) else {}, url)
    for ordinal, hit in enumerate(found):
        yield DETECTIONS["technology_detections"](
            **_base(row, "fingerprints", version, ordinal, hit.confidence, hit.evidence),
            domain=domain,
            page_url=url,
            scanned_at=row["fetched_at"],
            technology=hit.technology,
            category=hit.category,
            vendor=hit.vendor,
            version=hit.version,
            method="website",
        )


#: Version of reading DNS records.
DNS_VERSION = "1"


def read_dns_row(row: Row) -> Iterator[Detection]:
    """One domain's DNS records as the technologies that they show."""
    from detection.dns_records import read_dns
    from detection.fingerprints import default_engine
    from detection.mail_providers import default_providers

    payload = _payload(row)
    domain = _required(payload, "domain")
    records = payload.get("records")
    aliases = payload.get("aliases")
    if not isinstance(records, Mapping) or not isinstance(aliases, Mapping):
        raise UnreadableError("missing_field", "the payload needs 'records' and 'aliases'")
    texts = {kind: [str(text) for text in found] for kind, found in records.items()}
    texts["CNAME"] = [str(text) for found in aliases.values() for text in found]
    engine = default_engine()
    found = read_dns(texts, engine, default_providers())
    for ordinal, hit in enumerate(found):
        yield DETECTIONS["technology_detections"](
            **_base(
                row, "dns", DNS_VERSION + engine.edition, ordinal, hit.confidence, hit.evidence
            ),
            domain=domain,
            page_url=f"dns:{domain}",
            scanned_at=row["fetched_at"],
            technology=hit.technology,
            category=hit.category,
            vendor=hit.vendor,
            version=hit.version,
            method="dns",
        )


#: Version of reading vendors' profiles.
PROFILE_VERSION = "1"


def read_profile_row(row: Row) -> Iterator[Detection]:
    """One domain's BuiltWith profile as the technologies that it calls live."""
    from detection.technology_profiles import read_builtwith

    payload = _payload(row)
    domain = _required(payload, "Lookup")
    for ordinal, listed in enumerate(read_builtwith(payload)):
        yield DETECTIONS["technology_detections"](
            **_base(row, "profiles", PROFILE_VERSION, ordinal, listed.confidence, listed.evidence),
            domain=domain,
            page_url=row.get("source_url") or f"https://{domain}/",
            scanned_at=row["fetched_at"],
            technology=listed.technology,
            category=listed.category,
            vendor=listed.vendor,
            version=None,
            method="api",
        )


#: How each source that shows technologies is read.
TECHNOLOGY_READS: dict[str, Callable[[Row], Iterator[Detection]]] = {
    "company_site": read_technology_row,
    "dns": read_dns_row,
    "builtwith": read_profile_row,
}


def read_any_technology_row(row: Row) -> Iterator[Detection]:
    """Whatever shows technologies: a page, a domain's records, or a vendor's profile of it."""
    return TECHNOLOGY_READS[row["source"]](row)


# --- Job titles -----------------------------------------------------------------------------------
TITLE_VERSION = "3"
POSTING_VERSION = "3"

#: Streams of job postings: boards first, then searches over many employers.
POSTING_STREAMS = tuple(
    (source, "jobs") for source in ("greenhouse", "lever", "ashby", "workday", "adzuna", "usajobs")
)


#: Stream of postings that vendors' exports list.
MAPPED_POSTINGS = "mapped_job_postings"
#: Where mapped records keep a title, by stream.
MAPPED_TITLE_FIELDS = {
    MAPPED_POSTINGS: "title",
    "mapped_executive_changes": "job_title",
    "mapped_people": "job_title",
}


def job_title(source: str, payload: Mapping[str, Any]) -> str:
    """Title of a posting in its vendor's shape. Raises ``UnreadableError`` when it has none."""
    from detection.job_postings import VENDORS, advert_of

    title = advert_of(source, payload).title if source in VENDORS else payload.get("title")
    if not isinstance(title, str) or not title.strip():
        raise UnreadableError("missing_field", "the posting has no title")
    return title.strip()[:500]


def read_job_title_row(row: Row) -> Iterator[Detection]:
    """The level and department of a job's title; ``record_id`` is the title's own hash."""
    import hashlib

    from detection.titles import read_title

    payload = _payload(row)
    mapped = MAPPED_TITLE_FIELDS.get(row["stream"])
    if mapped is None:
        title = job_title(row["source"], payload)
    else:
        title = (_text(_mapped_fields(payload).get(mapped)) or "")[:500]
        if not title:
            return
    reading = read_title(title)
    own_id = hashlib.md5(title.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()
    titled = {**row, "record_id": own_id, "payload_sha256": own_id}
    yield DETECTIONS["job_titles"](
        **_base(titled, "titles", TITLE_VERSION, 0, reading.confidence, title),
        title=title,
        level=reading.level,
        department=reading.department,
    )


def read_job_posting_row(row: Row) -> Iterator[Detection]:
    """One version of a posting with all that its fields and words say."""
    from detection.job_postings import MAPPED, advert_of, read_advert
    from detection.title_model import department_by_likeness
    from detection.titles import read_title

    payload = _payload(row)
    vendor = MAPPED if row["stream"] == MAPPED_POSTINGS else row["source"]
    title = job_title(vendor, payload)
    reading = read_advert(advert_of(vendor, payload))
    advert, text = reading.advert, reading.text
    titled = read_title(title)
    places = [p for p in (reading.place, *reading.other_places) if p is not None]
    # An employer that names its own product does not ask for it.
    own = {
        (advert.company_name or "").casefold(),
        row["record_id"].partition("/")[0].casefold(),
    }
    technologies = [t for t in text.technologies if t.name.casefold() not in own]
    yield DETECTIONS["job_postings"](
        **_base(
            row,
            "job_postings",
            POSTING_VERSION,
            0,
            reading.confidence,
            ", ".join(filter(None, (title, *advert.locations[:1]))),
        ),
        title=title,
        level=titled.level,
        seniority=titled.seniority,
        department=titled.department
        or (read_title(advert.department).department if advert.department else None)
        or department_by_likeness(title),
        stated_department=advert.department,
        company_name=advert.company_name,
        city=reading.place.city if reading.place else None,
        region=reading.place.region if reading.place else None,
        country=reading.place.country if reading.place else None,
        places=_json([{"city": p.city, "region": p.region, "country": p.country} for p in places]),
        remote_option=reading.remote_option,
        employment_type=reading.employment_type,
        salary_min=reading.pay.low if reading.pay else None,
        salary_max=reading.pay.high if reading.pay else None,
        salary_currency=reading.pay.currency if reading.pay else None,
        salary_period=reading.pay.period if reading.pay else None,
        salary_source=reading.pay_source,
        required_skills=_json([s.name for s in text.skills if s.requirement == "required"]),
        preferred_skills=_json([s.name for s in text.skills if s.requirement == "preferred"]),
        technologies=_json(
            [
                {"name": t.name, "category": t.category, "requirement": t.requirement}
                for t in technologies
            ]
        ),
        certifications=_json(
            [{"name": c.name, "requirement": c.requirement} for c in text.certifications]
        ),
        years_min=text.years.low if text.years else None,
        years_max=text.years.high if text.years else None,
        degree=text.degree[0] if text.degree else None,
        opened_on=advert.opened_on,
        changed_at=advert.changed_at,
        closes_on=advert.closes_on,
        is_recruiter=reading.is_recruiter,
        text_fingerprint=text.fingerprint,
        field_evidence=_json(reading.evidence),
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def read_press_or_post_row(row: Row) -> Iterator[Detection]:
    """Whatever tells events in words: a feed entry or a social post."""
    is_post = row["stream"] == "mapped_social_posts"
    return read_social_post_row(row) if is_post else read_press_row(row)


READERS: dict[str, Reader] = {
    reader.table: reader
    for reader in (
        Reader(
            "form_d_offerings",
            (("sec_edgar", "form_d"),),
            DETECTIONS["form_d_offerings"],
            "form_d",
            FORM_D_VERSION,
            read_form_d_row,
            _WITH_BODY,
        ),
        Reader(
            "filing_items",
            (("sec_edgar", "form_8k"),),
            DETECTIONS["filing_items"],
            "filing_8k",
            FILING_VERSION,
            read_filing_items_row,
            _WITH_BODY,
        ),
        Reader(
            "filing_events",
            (("sec_edgar", "form_8k"),),
            DETECTIONS["filing_events"],
            "filing_events",
            FILING_EVENT_VERSION,
            read_filing_events_row,
            _WITH_BODY,
        ),
        Reader(
            "executive_changes",
            (("sec_edgar", "form_8k"),),
            DETECTIONS["executive_changes"],
            "executive_changes",
            EXECUTIVE_VERSION,
            read_executive_changes_row,
            _WITH_BODY,
        ),
        Reader(
            "leadership_entries",
            (("leadership_pages", "pages"),),
            DETECTIONS["leadership_entries"],
            "leadership",
            LEADERSHIP_VERSION,
            read_leadership_row,
            _WITH_BODY,
        ),
        Reader(
            "employee_moves",
            (("coresignal", "employees"),),
            DETECTIONS["employee_moves"],
            "employee_moves",
            MOVES_VERSION,
            read_employee_moves_row,
            _COMMON,
        ),
        Reader(
            "press_events",
            (*ARTICLE_STREAMS, ("*", "mapped_social_posts")),
            DETECTIONS["press_events"],
            "press",
            PRESS_VERSION,
            read_press_or_post_row,
            _COMMON,
        ),
        Reader(
            "technology_detections",
            (("company_site", "pages"), ("dns", "records"), ("builtwith", "profiles")),
            DETECTIONS["technology_detections"],
            "fingerprints",
            TECHNOLOGY_VERSION,
            read_any_technology_row,
            _WITH_BODY,
        ),
        Reader(
            "job_titles",
            (*POSTING_STREAMS, *(("*", stream) for stream in MAPPED_TITLE_FIELDS)),
            DETECTIONS["job_titles"],
            "titles",
            TITLE_VERSION,
            read_job_title_row,
            _COMMON,
        ),
        Reader(
            "job_postings",
            (*POSTING_STREAMS, ("*", MAPPED_POSTINGS)),
            DETECTIONS["job_postings"],
            "job_postings",
            POSTING_VERSION,
            read_job_posting_row,
            _COMMON,
        ),
    )
}


def read_rows(reader: Reader, rows: Iterable[Row]) -> ReadResult:
    """Read lake rows; what cannot be read is set aside with its reason, whatever the fault.

    Job titles are given once each, however many jobs bear them.
    """
    found: list[Detection] = []
    rejected: list[Rejected] = []
    seen: set[str] = set()
    for row in rows:
        try:
            read = list(reader.read(row))
        except UnreadableError as error:
            rejected.append(_rejected(row, error.rule, error.reason))
            continue
        except Exception as error:  # one malformed document must never stop the rest
            rejected.append(_rejected(row, "reader_failed", f"{type(error).__name__}: {error}"))
            continue
        for record in read:
            if record.detection_id not in seen:
                seen.add(record.detection_id)
                found.append(record)
    return ReadResult(found, rejected)


def _rejected(row: Row, rule: str, reason: str) -> Rejected:
    body = row.get("body")
    excerpt = (
        bytes(body[:EXCERPT]).decode("utf-8", "replace")
        if body
        else str(row.get("payload") or "")[:EXCERPT]
    )
    return Rejected(
        source=str(row.get("source") or ""),
        stream=str(row.get("stream") or ""),
        record_id=str(row.get("record_id") or ""),
        payload_sha256=str(row.get("payload_sha256") or ""),
        rule=rule,
        reason=reason[:500],
        excerpt=excerpt.encode("utf-8", "replace").decode(),
    )


def read_table(reader: Reader, table: pa.Table) -> tuple[pa.Table, list[Rejected]]:
    """Read an Arrow table of lake rows to an Arrow table of the reader's record type."""
    result = read_rows(reader, _rows(reader, table))
    return records_table(reader.record, result.rows), result.rejected


def _rows(reader: Reader, table: pa.Table) -> Iterator[dict[str, Any]]:
    """Rows as mappings, batch by batch, so that documents are not all in memory twice."""
    wanted = [name for name in reader.columns if name in table.column_names]
    for batch in table.select(wanted).to_batches(max_chunksize=1_000):
        yield from batch.to_pylist()


def records_table(record: type[Detection], rows: Iterable[Detection]) -> pa.Table:
    """Records as an Arrow table in the record type's schema."""
    import pyarrow as pa

    from detection.records import arrow_schema

    schema = arrow_schema(record)
    rows = list(rows)
    return pa.table(
        {name: [getattr(row, name) for row in rows] for name in schema.names}, schema=schema
    )
