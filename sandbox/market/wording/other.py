"""What tells of no event, what is taken back, and the headings of feeds."""

# ruff: noqa: E501 - a template is one sentence on one line

NOISE_TITLES = {
    "award": ("{c} shortlisted for workplace award", "{c} named among best places to work",
              "{c} wins regional innovation prize"),
    "opinion": ("Opinion: what {topic} can learn from its customers",
                "Comment: why {topic} is harder than it looks"),
    "roundup": ("Five things to know about {topic} this week", "The week in {topic}",
                "Market notes: {topic}"),
    "conference": ("{c} to speak at industry conference", "Who is attending the {city} forum"),
    "results": ("{c} reports quarterly results", "{c} posts steady quarter"),
    "lawsuit": ("{c} settles contract dispute", "Court hears case involving {c}"),
}  # fmt: skip
NOISE_LEADS = {
    "award": ("{c} has been shortlisted for a regional workplace award.",
              "{c} received an innovation prize at a ceremony in {city}."),
    "opinion": ("Buyers of {topic} expect more than features, writes a manager of {c}.",
                "In this guest column a consultant looks at {topic}, with examples from {c}."),
    "roundup": ("Analysts see moderate growth for {topic}. Vendors such as {c} were mentioned as examples.",
                "A new study compares eleven suppliers of {topic}, among them {c}."),
    "conference": ("{c} will present at an industry conference in {city} next month.",
                   "Speakers from {c} and a dozen other companies are expected in {city}."),
    "results": ("{c} reported results for the quarter that were in line with expectations.",
                "{c} said revenue in the quarter rose slightly from a year earlier."),
    "lawsuit": ("{c} has settled a contract dispute with a former supplier.",
                "A court in {city} heard arguments in a case involving {c}."),
}  # fmt: skip
NOISE_MORE = (
    "No further details were given.",
    "The company declined to comment.",
    "Observers expect little change in the near term.",
    "{c} employs about {employees} people in {city} and elsewhere.",
)
RETRACTION_TITLES = (
    "RETRACTED: {title}",
    "Retraction: an article about {c}",
    "Withdrawn: {title}",
)
RETRACTION_LEADS = (
    "This article has been withdrawn. The event that it reported did not take place.",
    "We have retracted this report about {c}, which was based on a false statement. {c} has made no such announcement.",
    "An article that stood here was wrong in its substance and has been removed.",
)
CATEGORIES = {
    "funding_round": ("Funding", "Venture Capital", "Startups"),
    "executive_change": ("People", "Appointments", "Management"),
    "expansion": ("Expansion", "Business", "Locations"),
    "acquisition": ("M&A", "Business"),
    "partnership": ("Partnerships", "Business"),
    "product_launch": ("Products", "Technology"),
}
