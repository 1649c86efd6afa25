"""Which items print one release: near copies found by MinHash sketches.

Outlets change a headline, put their town before the first sentence and drop the last; a fingerprint
of the whole text then differs, though nobody has checked the news anew. Here an item's lead is
sketched (MinHash over pairs of words, by ``rensa``), and an item that tells the same event of the
same company as an earlier one, within days and in nearly the same words, takes over that one's
``release_id``. So does an item at the same address, which another service has found too, and one
of which only the headline is known when it is another item's headline.

The work is linear in the new items: an item looks only into the buckets that its own sketch names
(locality-sensitive hashing: ``BANDS`` bands of a sketch, and two sketches meet when one band of
theirs is equal). It is deterministic: full texts are taken before bare headlines, each in the order
of publication, and ties go to the earlier item.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from detection.names import normalize_company_name
from detection.press.text import headline_of, told_sentences

if TYPE_CHECKING:
    import pyarrow as pa

#: Hash functions of a sketch. The similarity is estimated within about 0.06 (standard error).
HASHES = 64
#: Bands of ``HASHES / BANDS`` hashes: texts of similarity 0.6 meet with a probability of 0.89,
#: of 0.7 with 0.99, of 0.3 with 0.12.
BANDS = 16
#: Share of equal word pairs from which two leads are one text with small edits. Two journalists who
#: write up one release share a quarter of their word pairs, edited copies two thirds and more.
SIMILAR = 0.55
#: A copy appears within days; the same words after that are news again (a yearly appointment).
WINDOW = timedelta(days=14)
#: Words of the lead that are compared: feeds and services cut texts at different lengths, but
#: hardly before this.
LEAD_WORDS = 30
#: Words below which a text is none, and the headline is what is compared.
BARE_WORDS = 8
#: Part of every sketch; another value makes other sketches, so it never changes.
_SEED = 20_240_229

_WORD = re.compile(r"\w+")


def sketch(headline: str, body: str) -> bytes:
    """MinHash of an item's lead, ``HASHES`` little-endian 32-bit numbers; empty for no words.

    The lead is the beginning of the told sentences, which are what outlets leave alone, or the
    headline where there is no text.
    """
    words: list[str] = []
    for sentence in told_sentences(body):
        words += _WORD.findall(sentence.casefold())
        if len(words) >= LEAD_WORDS:
            break
    if len(words) < BARE_WORDS:
        words = _headline_words(headline) + words
    return _minhash(words[:LEAD_WORDS])


def _headline_words(headline: str) -> list[str]:
    return _WORD.findall(headline_of(headline).casefold())


def _minhash(words: Sequence[str]) -> bytes:
    if not words:
        return b""
    from rensa import RMinHash

    minhash = RMinHash(num_perm=HASHES, seed=_SEED)
    minhash.update([f"{one} {two}" for one, two in zip(words, words[1:] or words, strict=False)])
    return b"".join(value.to_bytes(4, "little") for value in minhash.digest())


def similarity(one: bytes, two: bytes) -> float:
    """Estimated share of word pairs that two leads have in common; 0 when either has no sketch."""
    if not one or len(one) != len(two):
        return 0.0
    equal = sum(one[at : at + 4] == two[at : at + 4] for at in range(0, len(one), 4))
    return equal / (len(one) // 4)


@dataclass(frozen=True, slots=True)
class Told:
    """One event of one item, as far as copies are recognised by it."""

    #: The item's identity in the lake: source, stream and record id.
    item: str
    #: The item's content; a corrected item keeps its identity and changes this.
    version: str
    published_at: datetime
    company_name: str
    signal_type: str
    #: Exact fingerprint of the item's whole text.
    content_fingerprint: str
    sketch: bytes
    headline: str = ""
    url: str | None = None
    #: The release as known already; None for an item that is new.
    release_id: str | None = None

    @property
    def is_bare(self) -> bool:
        """Whether only the headline is known."""
        return self.sketch == _minhash(_headline_words(self.headline)[:LEAD_WORDS])


#: Company, signal type, number of the band, and the band.
_Band = tuple[str, str, int, bytes]


class Releases:
    """The releases known so far; ``assign`` adds items and says which release each prints."""

    def __init__(self) -> None:
        self._buckets: dict[_Band, list[tuple[datetime, bytes, str]]] = {}
        self._by_item: dict[str, str] = {}
        #: By address, and by company, type and headline: when, whether bare, and the release.
        self._by_url: dict[tuple[str, str, str], str] = {}
        self._by_headline: dict[tuple[str, str, str], list[tuple[datetime, bool, str]]] = {}

    def assign(self, events: Sequence[Told]) -> dict[tuple[str, str], str]:
        """Release id by (item, version) for all events given, known ones included."""
        items: dict[tuple[str, str], list[Told]] = {}
        for event in events:
            items.setdefault((event.item, event.version), []).append(event)
        assigned: dict[tuple[str, str], str] = {}
        known = [key for key, told in items.items() if told[0].release_id is not None]
        for key in known:
            assigned[key] = self._keep(items[key], str(items[key][0].release_id))
        new = sorted(
            (key for key in items if key not in assigned),
            # Full texts first: a headline alone joins whatever release bears it.
            key=lambda key: (items[key][0].is_bare, items[key][0].published_at, *key),
        )
        for key in new:
            told = items[key]
            release = self._by_item.get(told[0].item) or self._copied(told)
            assigned[key] = self._keep(told, release or told[0].content_fingerprint)
        return assigned

    def _bands(self, told: Iterable[Told]) -> Iterable[_Band]:
        for event in told:
            company = normalize_company_name(event.company_name)
            width = len(event.sketch) // BANDS
            for band in range(BANDS if width else 0):
                part = event.sketch[band * width : (band + 1) * width]
                yield company, event.signal_type, band, part

    def _copied(self, told: list[Told]) -> str | None:
        first = told[0]
        for event in told:
            if event.url and (found := self._by_url.get(_event_key(event, event.url))):
                return found
        for event in told:
            for published_at, is_bare, release in self._by_headline.get(_headline_key(event), ()):
                near = abs(first.published_at - published_at) <= WINDOW
                if near and (is_bare or event.is_bare):
                    return release
        best: tuple[float, str] | None = None
        tried: set[tuple[str, bytes]] = set()
        for key in self._bands(told):
            for published_at, other, release in self._buckets.get(key, ()):
                if (release, other) in tried or abs(first.published_at - published_at) > WINDOW:
                    continue
                tried.add((release, other))
                likeness = similarity(first.sketch, other)
                if likeness >= SIMILAR and (best is None or likeness > best[0]):
                    best = likeness, release
        return best[1] if best else None

    def _keep(self, told: list[Told], release: str) -> str:
        self._by_item.setdefault(told[0].item, release)
        for event in told:
            if event.url:
                self._by_url.setdefault(_event_key(event, event.url), release)
            headlines = self._by_headline.setdefault(_headline_key(event), [])
            if not any(r == release and b == event.is_bare for _, b, r in headlines):
                headlines.append((event.published_at, event.is_bare, release))
        for key in self._bands(told):
            bucket = self._buckets.setdefault(key, [])
            # Exact copies add nothing to look into: forty of them are one entry.
            if not any(other == told[0].sketch and r == release for _, other, r in bucket):
                bucket.append((told[0].published_at, told[0].sketch, release))
        return release


def _event_key(event: Told, what: str) -> tuple[str, str, str]:
    return normalize_company_name(event.company_name), event.signal_type, what


def _headline_key(event: Told) -> tuple[str, str, str]:
    return _event_key(event, " ".join(_headline_words(event.headline)))


def with_releases(events: pa.Table, known: pa.Table) -> pa.Table:
    """New press events with their ``release_id``, given those that earlier days have stored.

    ``known`` needs the columns that ``KNOWN_COLUMNS`` names and may hold any number of days; what
    lies outside the window of the new items costs a look and no more.
    """
    if not events.num_rows:
        return events
    import pyarrow as pa
    import pyarrow.compute as pc

    new = list(_told(events, assigned=False))
    earliest = min(event.published_at for event in new) - WINDOW
    releases = Releases()
    recent = known.filter(pc.greater_equal(known.column("published_at"), pa.scalar(earliest)))
    releases.assign(list(_told(recent, assigned=True)))
    found = releases.assign(new)
    position = events.schema.get_field_index("release_id")
    column = [found[event.item, event.version] for event in new]
    return events.set_column(
        position, events.schema.field(position), pa.array(column, type=pa.string())
    )


#: What ``with_releases`` reads of events that are stored already.
KNOWN_COLUMNS = (
    "source", "stream", "record_id", "payload_sha256", "source_url", "title", "published_at",
    "company_name", "signal_type", "content_fingerprint", "release_sketch", "release_id",
)  # fmt: skip


def _told(table: pa.Table, *, assigned: bool) -> Iterable[Told]:
    for row in table.select(list(KNOWN_COLUMNS)).to_pylist():
        yield Told(
            item=f"{row['source']}|{row['stream']}|{row['record_id']}",
            version=row["payload_sha256"],
            published_at=row["published_at"],
            company_name=row["company_name"],
            signal_type=row["signal_type"],
            content_fingerprint=row["content_fingerprint"],
            sketch=row["release_sketch"] or b"",
            headline=row["title"],
            url=row["source_url"],
            release_id=(row["release_id"] or row["content_fingerprint"]) if assigned else None,
        )
