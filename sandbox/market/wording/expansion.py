"""Places opened and closed, markets entered, teams grown; planned or done."""

# ruff: noqa: E501 - a template is one sentence on one line

OFFICE_TITLES = (
    "{c} opens new office in {to}",
    "{c} expands to {to}",
    "{c} sets up shop in {to}",
    "{to} office for {c}",
)
OFFICE_LEADS = (
    "{c} has opened a new office in {to}, {tocountry}.",
    "The {topic} company {c} has expanded to {to}, where it will employ {heads} people.",
    "{c}, headquartered in {city}, has moved into a new office in {to} with room for {heads} staff.",
)
OFFICE_PLAN_TITLES = (
    "{c} plans {to} office",
    "{c} to open office in {to}",
    "{c} eyes {to} for next location",
)
OFFICE_PLAN_LEADS = (
    "{c} plans to open an office in {to}, {tocountry}, creating {heads} jobs.",
    "{c} will open a new location in {to} in the coming months, the {topic} company said.",
    "{c} intends to establish a presence in {to} and to hire {heads} people there.",
)
MARKET_TITLES = (
    "{c} launches in {tocountry}",
    "{c} enters the {tocountry} market",
    "{c} takes its {topic} to {tocountry}",
)
MARKET_LEADS = (
    "{c} has entered the market in {tocountry}, starting with customers in {to}.",
    "{c} today launched its {topic} offering in {tocountry}.",
    "The {city} company {c} is now active in {tocountry}, its first move into the region.",
)
MARKET_PLAN_LEADS = (
    "{c} plans to enter {tocountry}, beginning in {to}.",
    "{c} intends to bring its {topic} offering to {tocountry}.",
)
FACILITY_TITLES = (
    "{c} opens {to} facility",
    "{c} inaugurates new plant in {to}",
    "New {c} distribution centre in {to}",
)
FACILITY_LEADS = (
    "{c} has opened a new facility in {to}, {tocountry}, that will employ {heads} people.",
    "{c} inaugurated a plant in {to} this week. The site creates {heads} jobs.",
)
FACILITY_PLAN_LEADS = (
    "{c} plans to build a facility in {to}, {tocountry}, with {heads} jobs.",
    "{c} will break ground on a new site in {to} and expects to employ {heads} people there.",
)
HEADCOUNT_TITLES = (
    "{c} to add {heads} jobs",
    "{c} grows its team by {heads}",
    "{heads} new jobs at {c}",
)
HEADCOUNT_LEADS = (
    "{c} is adding {heads} jobs in {to} as demand for its {topic} grows.",
    "{c} has increased its workforce by {heads} people, most of them in {to}.",
)
CLOSING_TITLES = (
    "{c} closes {to} office",
    "{c} to shut {to} site",
    "{c} cuts jobs as {to} location closes",
)
CLOSING_LEADS = (
    "{c} is closing its office in {to}; {heads} jobs are affected.",
    "{c} has shut its {to} location and laid off {heads} employees.",
)
EXPANSION_MORE = (
    "The company already serves customers in more than ten countries.",
    "Local officials welcomed the decision.",
    "The step follows a year of strong demand for {topic}.",
    "Recruiting is under way, with a focus on sales and engineering.",
    "{c} was founded in {founded} and has about {employees} employees.",
)

#: Headlines and first sentences by kind and status.
EXPANSIONS = {
    ("new_office", "done"): (OFFICE_TITLES, OFFICE_LEADS),
    ("new_office", "planned"): (OFFICE_PLAN_TITLES, OFFICE_PLAN_LEADS),
    ("new_market", "done"): (MARKET_TITLES, MARKET_LEADS),
    ("new_market", "planned"): (("{c} to enter {tocountry}", "{c} plans launch in {tocountry}"),
                                MARKET_PLAN_LEADS),
    ("facility_opening", "done"): (FACILITY_TITLES, FACILITY_LEADS),
    ("facility_opening", "planned"): (("{c} to build {to} facility", "{c} plans {to} plant"),
                                      FACILITY_PLAN_LEADS),
    ("headcount_growth", "done"): (HEADCOUNT_TITLES, HEADCOUNT_LEADS),
    ("headcount_growth", "planned"): (("{c} plans {heads} new jobs", "{c} to hire {heads}"),
                                      ("{c} plans to hire {heads} people in {to} over the next year.",
                                       "{c} wants to add {heads} jobs, mainly in {to}.")),
    ("office_closing", "done"): (CLOSING_TITLES, CLOSING_LEADS),
    ("office_closing", "planned"): (("{c} plans to close {to} office",),
                                    ("{c} plans to close its {to} office, affecting {heads} jobs.",)),
}  # fmt: skip

#: When a site opens, a market is entered or a site is given up; ``{when}`` has its own preposition.
OPENING = {
    "new_office": (
        "The office will open {when}.",
        "The first employees will move in {when}.",
        "The opening is planned for {bare}.",
    ),
    "facility_opening": (
        "The site will start operations {when}.",
        "Operations are expected to begin {when}.",
        "The opening is scheduled for {bare}.",
    ),
    "new_market": (
        "The launch is planned for {bare}.",
        "The offering will be available there {when}.",
        "Sales will start {when}.",
    ),
    "office_closing": (
        "The site will close {when}.",
        "The closure takes effect {when}.",
    ),
}
