"""The invented vocabulary of the market: names, industries, places, outlets, investors.

Company, person, outlet and investor names are made up; cities and technologies are real ones.
"""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.market.draws import Weighted


@dataclass(frozen=True)
class Industry:
    """One industry: how frequent it is, how well it fits the seller, how it is named elsewhere."""

    name: str
    share: float
    #: Multiplies the rate at which needs arise.
    fit: float
    #: Multiplies deal sizes.
    value: float
    descriptors: tuple[str, ...]
    sic: str
    sic_description: str
    #: Form D's own list of industry groups.
    form_d_group: str
    topics: tuple[str, ...]


INDUSTRIES = (
    Industry("Software", 18, 1.7, 1.1,
             ("Software", "Systems", "Labs", "Cloud", "Technologies", "Apps"), "7372",
             "Services-Prepackaged Software", "Other Technology",
             ("workflow automation", "developer tooling", "collaboration software",
              "business applications")),
    Industry("Financial Technology", 9, 1.6, 1.4,
             ("Pay", "Financial", "Ledger", "Payments"), "7389",
             "Services-Business Services, NEC", "Other Banking and Financial Services",
             ("digital payments", "treasury software", "embedded lending", "invoice financing")),
    Industry("Healthcare Technology", 8, 1.3, 1.2,
             ("Health", "Care", "Medical Systems", "Clinical"), "8090",
             "Services-Misc Health & Allied Services, NEC", "Other Health Care",
             ("clinical scheduling", "patient engagement", "care coordination", "telemedicine")),
    Industry("Cybersecurity", 6, 1.5, 1.2,
             ("Security", "Shield", "Defense Systems"), "7372",
             "Services-Prepackaged Software", "Computers",
             ("identity protection", "threat detection", "cloud security", "data encryption")),
    Industry("E-commerce", 8, 1.2, 0.9,
             ("Commerce", "Market", "Goods", "Retail"), "5961",
             "Retail-Catalog & Mail-Order Houses", "Retailing",
             ("online retail", "marketplace services", "direct-to-consumer brands",
              "order fulfilment")),
    Industry("Logistics", 7, 0.7, 1.0,
             ("Logistics", "Freight", "Transport"), "4731",
             "Arrangement of Transportation of Freight & Cargo", "Other Travel",
             ("freight brokerage", "last-mile delivery", "warehouse automation",
              "fleet tracking")),
    Industry("Manufacturing", 10, 0.5, 1.3,
             ("Industries", "Robotics", "Components", "Manufacturing"), "3569",
             "General Industrial Machinery & Equipment, NEC", "Manufacturing",
             ("industrial robotics", "precision components", "factory equipment",
              "packaging machinery")),
    Industry("Biotechnology", 5, 0.4, 1.1,
             ("Biosciences", "Therapeutics", "Bio"), "2836",
             "Biological Products (No Diagnostic Substances)", "Biotechnology",
             ("gene therapies", "protein engineering", "diagnostic assays", "cell culture")),
    Industry("Energy", 5, 0.4, 1.3,
             ("Energy", "Power", "Solar"), "4911", "Electric Services", "Other Energy",
             ("solar storage", "grid balancing", "heat pumps", "charging networks")),
    Industry("Education", 4, 0.5, 0.7,
             ("Learning", "Academy", "Education"), "8200", "Services-Educational Services",
             "Other", ("online courses", "language learning", "campus software",
                       "skills training")),
    Industry("Media", 4, 0.7, 0.8,
             ("Media", "Studios", "Publishing"), "2711",
             "Newspapers: Publishing or Publishing & Printing", "Other",
             ("podcast production", "digital advertising", "streaming services",
              "trade publishing")),
    Industry("Professional Services", 7, 0.8, 0.9,
             ("Consulting", "Partners", "Advisory"), "8742",
             "Services-Management Consulting Services", "Business Services",
             ("management consulting", "outsourced finance", "recruiting services",
              "compliance advice")),
    Industry("Construction", 4, 0.3, 1.0,
             ("Construction", "Building Group"), "1600",
             "Heavy Construction Other Than Bldg Const - Contractors", "Construction",
             ("modular housing", "road building", "site management", "timber structures")),
    Industry("Hospitality", 3, 0.3, 0.7,
             ("Hotels", "Hospitality"), "7011", "Hotels & Motels", "Lodging and Conventions",
             ("boutique hotels", "guest messaging", "restaurant groups", "event venues")),
    Industry("Investment Management", 2, 0.2, 1.0,
             ("Capital", "Asset Management"), "6282", "Investment Advice",
             "Pooled Investment Fund",
             ("private credit", "growth equity", "real assets", "wealth management")),
)  # fmt: skip
INDUSTRY_DRAW = Weighted([(index, industry.share) for index, industry in enumerate(INDUSTRIES)])


@dataclass(frozen=True)
class Place:
    """One city with what addresses, money and filings need to know of it."""

    city: str
    region: str
    country: str
    code: str
    currency: str
    phone: str


#: (country, ISO code, currency, dialling code, weight, fit, cities with region)
COUNTRIES: tuple[tuple[str, str, str, str, float, float, tuple[tuple[str, str], ...]], ...] = (
    ("United States", "US", "USD", "+1", 52, 1.25, (
        ("New York", "NY"), ("San Francisco", "CA"), ("Austin", "TX"), ("Boston", "MA"),
        ("Chicago", "IL"), ("Seattle", "WA"), ("Denver", "CO"), ("Atlanta", "GA"),
        ("Los Angeles", "CA"), ("San Diego", "CA"), ("Dallas", "TX"), ("Miami", "FL"),
        ("Raleigh", "NC"), ("Minneapolis", "MN"), ("Portland", "OR"), ("Nashville", "TN"),
        ("Salt Lake City", "UT"), ("Philadelphia", "PA"), ("Columbus", "OH"), ("Phoenix", "AZ"))),
    ("United Kingdom", "GB", "GBP", "+44", 11, 1.1, (
        ("London", "England"), ("Manchester", "England"), ("Edinburgh", "Scotland"),
        ("Bristol", "England"), ("Leeds", "England"), ("Cambridge", "England"))),
    ("Germany", "DE", "EUR", "+49", 9, 0.9, (
        ("Berlin", "Berlin"), ("Munich", "Bavaria"), ("Hamburg", "Hamburg"),
        ("Cologne", "North Rhine-Westphalia"), ("Stuttgart", "Baden-Württemberg"))),
    ("Canada", "CA", "CAD", "+1", 6, 1.0, (
        ("Toronto", "Ontario"), ("Vancouver", "British Columbia"), ("Montréal", "Quebec"),
        ("Calgary", "Alberta"))),
    ("France", "FR", "EUR", "+33", 6, 0.7, (
        ("Paris", "Île-de-France"), ("Lyon", "Auvergne-Rhône-Alpes"), ("Lille", "Nord"))),
    ("Netherlands", "NL", "EUR", "+31", 3, 0.8, (
        ("Amsterdam", "North Holland"), ("Rotterdam", "South Holland"), ("Utrecht", "Utrecht"))),
    ("Sweden", "SE", "SEK", "+46", 2.5, 0.7, (
        ("Stockholm", "Stockholm"), ("Gothenburg", "Västra Götaland"))),
    ("Spain", "ES", "EUR", "+34", 2.5, 0.5, (("Madrid", "Madrid"), ("Barcelona", "Catalonia"))),
    ("Ireland", "IE", "EUR", "+353", 2, 0.9, (("Dublin", "Leinster"), ("Cork", "Munster"))),
    ("Australia", "AU", "AUD", "+61", 2.5, 0.7, (
        ("Sydney", "New South Wales"), ("Melbourne", "Victoria"))),
    ("India", "IN", "INR", "+91", 2.5, 0.4, (
        ("Bengaluru", "Karnataka"), ("Mumbai", "Maharashtra"), ("Pune", "Maharashtra"))),
    ("Singapore", "SG", "SGD", "+65", 1, 0.6, (("Singapore", "Singapore"),)),
)  # fmt: skip
COUNTRY_FIT = {row[0]: row[5] for row in COUNTRIES}
PLACES = tuple(
    Place(city, region, country, code, currency, phone)
    for country, code, currency, phone, _, _, cities in COUNTRIES
    for city, region in cities
)
PLACE_DRAW = Weighted(
    [
        (place, next(row[4] / len(row[6]) for row in COUNTRIES if row[0] == place.country))
        for place in PLACES
    ]
)
#: US dollars of one unit, fixed for the whole life of the market.
USD_OF = {
    "USD": 1.0, "EUR": 1.08, "GBP": 1.27, "CAD": 0.73, "SEK": 0.095, "AUD": 0.66,
    "INR": 0.012, "SGD": 0.74,
}  # fmt: skip
US_STATES = {
    "NY": "NEW YORK", "CA": "CALIFORNIA", "TX": "TEXAS", "MA": "MASSACHUSETTS", "IL": "ILLINOIS",
    "WA": "WASHINGTON", "CO": "COLORADO", "GA": "GEORGIA", "FL": "FLORIDA",
    "NC": "NORTH CAROLINA", "MN": "MINNESOTA", "OR": "OREGON", "TN": "TENNESSEE", "UT": "UTAH",
    "PA": "PENNSYLVANIA", "OH": "OHIO", "AZ": "ARIZONA",
}  # fmt: skip


def _words(text: str) -> list[str]:
    return text.split()


HEADS = _words(
    "Ald Bel Bran Brix Cal Cand Cor Dal Dax Elm Ember Fal Fen Fjor Gal Glim Gran Hal Hart Hex "
    "Ind Jav Jun Kal Kest Kin Lark Lor Lum Mar Mer Mir Nal Nor Nyx Oak Ol Orb Pal Per Pim Quar "
    "Quil Ram Rel Riv Sab Sel Sol Tal Tam Ter Thal Tor Ul Umb Val Vel Ver Wex Wil Xan Yar Zel"
)
MIDDLES = ("", "a", "e", "i", "o", "ar")
TAILS = _words(
    "bant bridge cade cast croft dale dane dyne field fina ford forge gate grove haven hurst kora "
    "land lane leaf lian line loom lux mark mere mont nest nova pine point quill rane reach rock "
    "rune shore spire stead stone tara thorn tide tora vane vara vault venn vista wake ward well "
    "wick wind wood worth yard zen"
)
ROOTS = len(HEADS) * len(MIDDLES) * len(TAILS)

FIRST_NAMES = _words(
    "Adrian Aisha Alan Amara Amelia Andrea Anika Arjun Astrid Beatriz Benjamin Bianca Boris Brenda "
    "Carla Cedric Charlotte Chen Clara Colin Daniela Darius David Delia Diego Dmitri Elena Eleanor "
    "Emeka Emil Erin Esther Farah Felix Fiona Franz Gabriel Gemma Grace Greta Hanna Harold Hugo "
    "Ibrahim Imani Ingrid Irene Isaac Ivan Jasmine Joel Jonas Julia Kamal Karin Keiko Kenneth Lara "
    "Leo Lin Louis Lucia Magnus Marcus Maria Matteo Maya Mei Miguel Miriam Nadia Naomi Nathan Neha "
    "Nicole Nora Olga Oliver Omar Oscar Paula Pedro Petra Priya Quentin Rachel Rafael Renata Rhea "
    "Robert Rosa Ruth Samir Sandra Sean Sofia Stefan Susan Tara Theo Tobias Uma Valeria Victor "
    "Wanda Wei William Yara Yusuf Zoe"
)
LAST_NAMES = _words(
    "Abara Adler Albrecht Amsel Andrade Ashworth Baptiste Barlow Bergstrom Bianchi "
    "Blackwood Boateng Brandt Calloway Cardoso Castellan Chandra Clement Colby Corrigan "
    "Dahl Dalton Deveraux Donovan Drummond Eastman Egger Ellery Engel Fairbanks Farrow "
    "Fischbach Fontaine Galloway Garrick Gupta Haldane Halvorsen Hargrove Hartmann "
    "Hayashi Holloway Ibarra Ivanov Jansson Kapoor Keller Kimura Kowalski Lachance Larkin "
    "Lindqvist Lombardi Lund Macaulay Marchetti Mbeki McAllister Mendoza Merriweather "
    "Moreau Nakamura Nascimento Novak O'Brien Oduya Okafor Ortega Osei Palmer Park Patel "
    "Pemberton Petrov Quist Radcliffe Ramaswamy Rasmussen Reinholt Rossi Rutherford Saito "
    "Salazar Schaefer Sedgwick Sharma Sinclair Soderberg Stavros Szabo Takeda Thackeray "
    "Thorne Tremblay Underhill Vance Vasquez Verhoeven Vogel Wainwright Wallenberg "
    "Whitlock Winslow Xu Yilmaz Zamora Zeller"
)

INVESTORS = tuple(
    f"{head} {tail}"
    for head, tail in zip(
        _words(
            "Tidewater Highmark Cobalt Juniper Lantern Northgate Silverbirch Redfern Basalt "
            "Meridian Foxglove Ironwood Kingfisher Larkspur Millrace Oakhurst Pinecrest Quarry "
            "Riverbend Saltmarsh Thornfield Umber Vantage Wavecrest Yarrow Zephyr Alder Birchlane "
            "Copperline Driftwood"
        ),
        _words(
            "Ventures Capital Partners Ventures Growth Partners Equity Capital Ventures Partners "
            "Ventures Capital Ventures Capital Partners Growth Ventures Capital Partners Ventures "
            "Equity Ventures Partners Capital Ventures Growth Capital Partners Ventures Capital"
        ),
        strict=True,
    )
)


@dataclass(frozen=True)
class Outlet:
    """A press outlet with a feed: its address, format and what it likes to write about."""

    slug: str
    name: str
    #: ``rss`` and ``atom`` carry whole texts, ``excerpts`` is RSS without them.
    form: str
    page_size: int
    #: Event types it prints; empty for everything.
    beats: tuple[str, ...] = ()
    #: Countries it covers; empty for all.
    countries: tuple[str, ...] = ()
    #: A wire prints releases word for word.
    wire: bool = False
    weight: float = 1.0


_EUROPE = ("United Kingdom", "Germany", "France", "Netherlands", "Sweden", "Spain", "Ireland")
_AMERICAS = ("United States", "Canada")
OUTLETS = (
    Outlet("pressrelay", "PressRelay Newswire", "rss", 25, wire=True, weight=3.0),
    Outlet("announcegrid", "AnnounceGrid", "rss", 20, wire=True, weight=1.8),
    Outlet("dealroom-daily", "Dealroom Daily Note", "rss", 15, ("funding_round", "acquisition"),
           weight=1.5),
    Outlet("founders-gazette", "Founders Gazette", "atom", 15,
           ("funding_round", "product_launch", "expansion")),
    Outlet("executive-moves", "Executive Moves Report", "rss", 20, ("executive_change",),
           weight=2.5),
    Outlet("harbor-business", "Harbor Business Journal", "rss", 15, (), _AMERICAS, weight=1.2),
    Outlet("continental-ledger", "Continental Ledger", "atom", 15, (), _EUROPE, weight=1.5),
    Outlet("cloud-courier", "Cloud Courier", "rss", 20,
           ("product_launch", "partnership", "funding_round", "technology_adoption")),
    Outlet("plant-and-trade", "Plant & Trade Weekly", "rss", 15,
           ("expansion", "acquisition", "partnership"), weight=1.4),
    Outlet("pacific-startup", "Pacific Startup Post", "rss", 15, (),
           ("Australia", "India", "Singapore"), weight=2.0),
    Outlet("techcrunch", "TechCrunch", "excerpts", 20, (), weight=0.7),
    Outlet("corner-office", "Corner Office Brief", "rss", 15,
           ("executive_change", "expansion", "acquisition")),
)  # fmt: skip
#: Sites that print what the wires send out; they appear where a market asks for more outlets.
SYNDICATORS = tuple(
    Outlet(f"{place.lower()}-{kind.lower()}", f"{place} {kind}", "rss", 30, weight=0.4)
    for place, kind in zip(
        _words(
            "Amberley Brookfall Castlemoor Dunhollow Eastmere Fernvale Greywater Hollin Inverlay "
            "Jasperton Kelmere Larchmont Millbrae Northolt Overbury Pennard Quayside Rosewell "
            "Stonebeck Thistle Upwell Verity Westbourne Yarrowby Alderney Birkfield Coldharbor "
            "Drayford"
        ),
        _words("Courier Ledger Post Herald Bulletin Monitor Review") * 4,
        strict=True,
    )
)
#: Every outlet a market may have, those of each market first.
ALL_OUTLETS = OUTLETS + SYNDICATORS
OUTLET_INDEX = {outlet.slug: index for index, outlet in enumerate(ALL_OUTLETS)}
