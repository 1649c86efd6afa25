"""Rounds, told by the company or its investor, and rumours of rounds."""

# ruff: noqa: E501 - a template is one sentence on one line

FUNDING_TITLES = (
    "{c} raises {amount} in {round} funding",
    "{c} secures {amount} {round} led by {lead}",
    "{c} closes {amount} {round} round",
    "{lead} leads {amount} investment in {c}",
    "{city}-based {c} lands {amount} to grow its {topic} business",
    "{round} for {c}: {amount} from {lead}",
    "{c} announces {amount} {round} financing",
    "{c} bags {amount} to scale {topic}",
    "Fresh capital for {c} as {lead} backs {round}",
)
FUNDING_LEADS = (
    "{c}, a {city}-based provider of {topic}, today announced that it has raised {amount} in a {round} round led by {lead}{with_others}.",
    "{lead} has led a {amount} {round} investment in {c}, the {topic} company said{day_phrase}.",
    "{c} has closed a {round} financing of {amount}{with_others_from}. The company, based in {city}, works on {topic}.",
    "The {topic} specialist {c} has secured {amount} in {round} funding from {all_investors}.",
    "{city} {topic} firm {c} has picked up {amount}. {lead} led the {round} round{with_others}.",
    "Investors have put {amount} into {c}. The {round} round was led by {lead}{with_others}. It brings new momentum to the {city} company.",
    "{c} said it completed its {round} round, raising {amount} from {all_investors}.",
)
FUNDING_MORE = (
    "The proceeds will be used to expand the sales team and to speed up product development.",
    "The company plans to hire across engineering, sales and customer success over the coming year.",
    "{c} says it will use the money to enter new markets and to deepen its {topic} offering.",
    "With the new capital the company intends to double its go-to-market organisation.",
    "{lead} will take a seat on the board as part of the transaction.",
    "The company did not disclose its valuation.",
    "Founded in {founded}, {c} employs about {employees} people.",
    "Demand for {topic} has grown steadily over the past two years, the company said.",
)
DEBT_TITLES = (
    "{c} obtains {amount} credit facility",
    "{c} closes {amount} debt financing with {lead}",
    "{lead} provides {amount} in debt to {c}",
)
DEBT_LEADS = (
    "{c} has obtained a {amount} credit facility from {lead}, the {city} company announced.",
    "{lead} has provided {amount} in debt financing to {c}, which offers {topic}.",
    "{c}, active in {topic}, closed a {amount} term loan arranged by {lead}.",
)
INVESTOR_TITLES = (
    "{lead} backs {c}",
    "{lead} invests in {c}",
    "{c} joins the {lead} portfolio",
)
INVESTOR_LEADS = (
    "{lead} has invested in {c}, a {city}-based provider of {topic}.",
    "{lead} today announced that it has led the {round} round of {c}.",
    "{lead} has led a {amount} {round} investment in {c}, the investor said.",
    "{lead} has put money into {c}, a company active in {topic}.",
)
RUMOUR_TITLES = (
    "{c} said to be in talks to raise new funding",
    "{c} in discussions over fresh capital, sources say",
    "Investors circle {c}, people familiar say",
)
RUMOUR_LEADS = (
    "{c} is in talks to raise {amount} in a new funding round, according to two people familiar with the matter.",
    "The {topic} company {c} plans to raise up to {amount}, people with knowledge of the discussions said. Terms could still change.",
    "{city}-based {c} is considering a {round} round of about {amount}, a person close to the company told this outlet.",
)

GRANT_TITLES = (
    "{c} receives {amount} grant from {lead}",
    "{c} wins {amount} grant for {topic}",
    "{lead} awards {amount} grant to {c}",
    "{amount} grant for {c}",
)
GRANT_LEADS = (
    "{c} has been awarded a grant of {amount} by the {lead} for its work on {topic}.",
    "The {lead} has awarded {c} a {amount} grant for {topic}.",
    "The {city} company {c} has received a {amount} research grant from the {lead}.",
)
GRANT_MORE = (
    "The money does not have to be paid back and no shares are given for it.",
    "The project runs for two years.",
    "Founded in {founded}, {c} employs about {employees} people.",
)
IPO_TITLES = (
    "{c} raises {amount} in IPO",
    "{c} goes public, raising {amount}",
    "{c} completes {amount} initial public offering",
)
IPO_LEADS = (
    "{c} has raised {amount} in its initial public offering, the {city} company said.",
    "{c}, which offers {topic}, completed its IPO and raised {amount}.",
    "Shares of {c} began trading today after an initial public offering that raised {amount}.",
)
IPO_PLAN_TITLES = (
    "{c} files for IPO",
    "{c} plans initial public offering",
    "{c} seeks {amount} in IPO",
)
IPO_PLAN_LEADS = (
    "{c} has filed for an initial public offering and seeks to raise {amount}.",
    "{c} plans to raise up to {amount} in an initial public offering later this year.",
    "The {topic} company {c} intends to go public and to raise about {amount} in the IPO.",
)
EXTENSION_TITLES = (
    "{c} raises {amount} {round} extension",
    "{c} extends {round} round by {amount}",
    "{c} adds {amount} to its {round} round",
)
EXTENSION_LEADS = (
    "{c} has raised {amount} in an extension of its {round} round led by {lead}{with_others}.",
    "{c}, based in {city}, has extended its {round} round by {amount}. {lead} led the extension{with_others}.",
    "The {topic} specialist {c} has closed a {amount} extension to its {round} round, with money from {all_investors}.",
)
BRIDGE_TITLES = (
    "{c} raises {amount} bridge round",
    "{c} secures {amount} in bridge financing",
    "{lead} provides {amount} bridge round to {c}",
)
BRIDGE_LEADS = (
    "{c} has raised a {amount} bridge round from {all_investors}.",
    "{c} has closed a bridge financing of {amount} led by {lead}{with_others}.",
    "The {city} company {c} has secured {amount} in bridge funding from {all_investors}.",
)

#: Wording of a kind of round where it has its own: titles, first sentences, further ones.
BY_KIND = {
    "grant": (GRANT_TITLES, GRANT_LEADS, GRANT_MORE),
    "ipo": (IPO_TITLES, IPO_LEADS, FUNDING_MORE[2:3] + FUNDING_MORE[6:]),
    "ipo planned": (IPO_PLAN_TITLES, IPO_PLAN_LEADS, FUNDING_MORE[6:]),
    "extension": (EXTENSION_TITLES, EXTENSION_LEADS, FUNDING_MORE[:4]),
    "bridge": (BRIDGE_TITLES, BRIDGE_LEADS, FUNDING_MORE[5:]),
    "debt_financing": (DEBT_TITLES, DEBT_LEADS, FUNDING_MORE[1:3] + FUNDING_MORE[6:]),
}
