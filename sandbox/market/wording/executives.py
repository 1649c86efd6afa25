"""Who comes, rises and goes."""

# ruff: noqa: E501 - a template is one sentence on one line

HIRE_TITLES = (
    "{c} appoints {person} as {title}",
    "{c} names {person} {short}",
    "{person} joins {c} as {title}",
    "{c} hires {person} as new {short}",
    "{person} is the new {short} of {c}",
    "{c} welcomes {title} {person}",
    "New {short} at {c}: {person}",
)
HIRE_LEADS = (
    "{c} today announced the appointment of {person} as {title}{effective}.",
    "{person} has joined {c} as {title}. The {city} company works on {topic}.",
    "{c}, a provider of {topic}, has named {person} its new {title}{effective}.",
    "The {city}-based company {c} has hired {person}, who takes over as {title}.",
    "{c} has recruited {person} from {previous} to serve as {title}{effective}.",
)
HIRE_MORE = (
    "{last} previously held a leading role at {previous}.",
    "In the new role {last} will be responsible for the company's growth in its core markets.",
    '"I am excited to join the team at such an important time," {last} said.',
    '"We are delighted to have {person} with us," said a member of the board.',
    "{last} brings more than fifteen years of experience in the industry.",
    "{last} reports to the management board and is based in {city}.",
)
PROMOTION_TITLES = (
    "{c} promotes {person} to {title}",
    "{person} moves up to {short} at {c}",
    "{c} elevates {person} to {title}",
)
PROMOTION_LEADS = (
    "{c} has promoted {person} to {title}{effective}.",
    "{person}, a long-serving manager of {c}, has been elevated to {title}.",
    "{person} will become {title} of {c}, the company said. {last} has been with the firm since {joined}.",
)
DEPARTURE_TITLES = (
    "{c} {short} {person} steps down",
    "{person} to leave {c}",
    "{title} {person} departs {c}",
    "{c} parts ways with its {short}",
)
DEPARTURE_LEADS = (
    "{person} is stepping down as {title} of {c}{effective}.",
    "{c} announced that {title} {person} has resigned to pursue other interests.",
    "{person}, {title} of {c}, is leaving the {city} company.",
    "{c} said its {title}, {person}, will depart{effective}.",
)
DEPARTURE_MORE = (
    "A search for a successor has begun.",
    "The company thanked {last} for the work of the past years.",
    "{last} will remain available as an adviser during the transition.",
)
SUCCESSOR = (
    "{successor} has been named as successor.",
    "The company appointed {successor} as the new {title}.",
)

REORGANIZATION_TITLES = (
    "{c} moves {person} to new role as {title}",
    "{person} takes new role at {c}",
    "{c} reassigns {person}, names {last} {short}",
)
REORGANIZATION_LEADS = (
    "{person}, until now {old} of {c}, takes on a new role as {title}.",
    "As part of a reorganization {c} has named {person}, currently {old}, as {title}.",
    "{person} will transition from {old} to {title} at {c}, the company said.",
    "{c} has reassigned {person}, its {old}, to the position of {title}.",
)
REORGANIZATION_MORE = (
    "The company is reorganizing its management.",
    "The former position of {last} will be filled later.",
    "{last} is based in {city}.",
)
