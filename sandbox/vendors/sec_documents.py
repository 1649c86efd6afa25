"""The documents behind SEC filings, written in our own words: 8-K as HTML, Form D as XML."""

from __future__ import annotations

from html import escape
from xml.sax.saxutils import escape as xml

from sandbox.market import Market
from sandbox.market.companies import Company
from sandbox.market.draws import Draws
from sandbox.market.events import person
from sandbox.market.filings import Filing
from sandbox.market.words import US_STATES

ITEM_TITLES = {
    "1.01": "Entry into a Material Definitive Agreement",
    "2.01": "Completion of Acquisition or Disposition of Assets",
    "2.02": "Results of Operations and Financial Condition",
    "2.03": "Creation of a Direct Financial Obligation or an Obligation under an Off-Balance "
    "Sheet Arrangement of a Registrant",
    "2.05": "Costs Associated with Exit or Disposal Activities",
    "3.02": "Unregistered Sales of Equity Securities",
    "5.02": "Departure of Directors or Certain Officers; Election of Directors; Appointment of "
    "Certain Officers; Compensatory Arrangements of Certain Officers",
    "5.03": "Amendments to Articles of Incorporation or Bylaws; Change in Fiscal Year",
    "5.07": "Submission of Matters to a Vote of Security Holders",
    "7.01": "Regulation FD Disclosure",
    "8.01": "Other Events",
    "9.01": "Financial Statements and Exhibits",
}
OTHER_TEXTS = {
    "1.01": (
        "On {date}, the Company entered into a supply agreement with a long-standing customer. The "
        "agreement has a term of three years and may be extended.",
        "The Company signed an amended lease for its headquarters on {date}.",
    ),
    "2.02": (
        "On {date}, the Company issued a press release announcing its financial results for the "
        "quarter. A copy is furnished as Exhibit 99.1.",
    ),
    "2.03": ("The information set forth under Item 1.01 is incorporated by reference here.",),
    "2.05": (
        "On {date}, management committed to a plan to reduce costs. The plan affects about "
        "{count} positions and is expected to be completed within two quarters.",
    ),
    "3.02": ("On {date}, the Company sold shares of common stock in a private placement.",),
    "5.03": ("Effective {date}, the board amended the bylaws to change the notice provisions.",),
    "5.07": (
        "At the annual meeting held on {date}, stockholders elected the nominated directors and "
        "ratified the appointment of the independent auditor.",
    ),
    "7.01": (
        "The Company will present to investors on {date}. The slides are furnished as an exhibit.",
    ),
    "8.01": (
        "On {date}, the board declared a quarterly dividend.",
        "The Company announced on {date} that it has extended its share repurchase program.",
    ),
    "9.01": (
        "(d) Exhibits. 99.1 Press release dated {date}. 104 Cover Page Interactive Data File.",
    ),
}
APPOINTED = (
    'On {date}, the Board of Directors of {c} (the "Company") appointed {person} as {title} of '
    "the Company, effective {effective}.",
    '{c} (the "Company") announced that {person} has been appointed to serve as the Company\'s '
    "{title}, effective as of {effective}.",
    "Effective {effective}, {person}, age {age}, joined the Company as its {title}.",
)
APPOINTED_MORE = (
    "{last}, {age}, most recently held a senior position at {previous}. There are no family "
    "relationships between {last} and any director or executive officer of the Company.",
    "Before joining the Company, {last} spent several years at {previous}.",
)
PROMOTED = (
    "On {date}, the Board promoted {person} to the position of {title}, effective {effective}. "
    "{last} has been with the Company since {joined}.",
    "{person}, who has served the Company in several roles since {joined}, was named {title} of "
    "the Company on {date}.",
)
REASSIGNED = (
    "On {date}, the Board reassigned {person}, the Company's {old}, to the position of {title}, "
    "effective {effective}.",
    "As part of a reorganization of management, {person} will transition from the position of "
    "{old} to that of {title}, effective {effective}.",
)
LEFT = (
    "On {date}, {person} notified the Company of the decision to resign as {title}, effective "
    "{effective}.",
    "{person}, the Company's {title}, will step down from that position effective {effective}.",
    "On {date}, {c} and {person}, its {title}, agreed that {last} would leave the Company as of "
    "{effective}.",
)
LEFT_MORE = (
    "The departure is not the result of any disagreement with the Company on any matter relating "
    "to its operations, policies or practices.",
    "{last} will receive the severance benefits described in the existing employment agreement.",
)
SUCCEEDED = (
    "In connection with this transition, the Board appointed {successor} as {title}, effective "
    "{effective}.",
    "{successor} has been appointed to succeed {last} as {title}.",
)
PAY_ONLY = (
    "On {date}, the Compensation Committee of the Board approved annual cash bonuses for the named "
    "executive officers and set base salaries for the coming year. The base salary of {person} was "
    "set at ${pay}.",
    "On {date}, the Company's stockholders approved an amended equity incentive plan. The plan "
    "increases the number of shares available for awards by {count}00,000.",
    "On {date}, the Committee granted restricted stock units to certain officers, including "
    "{person}. The units vest in three equal annual parts.",
)
DIRECTOR = (
    "On {date}, the Board elected {person} as a director of the Company, effective immediately. "
    "{last} will serve on the Audit Committee.",
    "On {date}, {person} informed the Company of the decision not to stand for re-election to the "
    "Board at the next annual meeting.",
    "{person} resigned from the Board of Directors on {date}. The Board has reduced its size "
    "accordingly.",
)
PAY_PARAGRAPH = (
    "Under the offer letter, {last} will receive a base salary of ${pay} and is eligible for an "
    "annual bonus."
)


def eight_k(market: Market, company: Company, filing: Filing) -> str:
    """The main document of a current report."""
    d = Draws.of(f"8k|{filing.accession}|{company.domain}")
    when = f"{market.date(filing.report_day):%B} {market.date(filing.report_day).day}, " + str(
        market.date(filing.report_day).year
    )
    blocks = []
    for item in filing.items:
        blocks.append(_item_heading(d, item))
        blocks += [
            f"<p>{escape(text)}</p>" for text in _item_text(market, d, company, filing, item, when)
        ]
    place = company.place
    state = US_STATES.get(place.region, place.country.upper()).title()
    return (
        "<html><head><title>8-K</title></head><body>\n"
        '<p align="center"><b>UNITED STATES<br>SECURITIES AND EXCHANGE COMMISSION</b><br>'
        "Washington, D.C. 20549</p>\n"
        '<p align="center"><b>FORM 8-K</b></p>\n<p align="center"><b>CURRENT REPORT</b></p>\n'
        f'<p align="center">Date of report (date of earliest event reported): <b>{when}</b></p>\n'
        f'<p align="center"><b>{escape(company.legal_name)}</b><br>'
        "(Exact name of registrant as specified in its charter)</p>\n"
        f"<table><tr><td>{state}</td><td>001-9{filing.second:05d}</td></tr>"
        "<tr><td>(State of incorporation)</td><td>(Commission file number)</td></tr></table>\n"
        f"<p>{escape(place.city)}, {escape(place.region)}<br>(Address of principal offices)</p>\n"
        "<hr>\n"
        + "\n".join(blocks)
        + "\n<p><b>SIGNATURE</b></p>\n<p>The registrant has caused this report to be signed on its "
        f"behalf by the undersigned.</p>\n<p>{escape(company.legal_name)}<br>"
        f"By: /s/ {escape(person(d))}<br>General Counsel</p>\n</body></html>\n"
    )


def _item_heading(d: Draws, item: str) -> str:
    title = ITEM_TITLES[item]
    style = d.integer(0, 3)
    if style == 0:
        return f"<p><b>Item {item}. {title}.</b></p>"
    if style == 1:
        return f"<p><b>Item&nbsp;{item}&nbsp;&nbsp;&nbsp;{title}</b></p>"
    if style == 2:
        cells = f"<td><b>Item {item}.</b></td><td><b>{title}</b></td>"
        return f"<table><tr>{cells}</tr></table>"
    return f'<div style="font-weight:bold">ITEM {item} {title.upper()}</div>'


def _item_text(
    market: Market, d: Draws, company: Company, filing: Filing, item: str, when: str
) -> list[str]:
    slots = {"date": when, "c": company.legal_name, "count": d.integer(5, 90)}
    if item != "5.02":
        if item in ("1.01", "2.01") and filing.kind == "acquisition":
            other = filing.event.details["other"]
            if item == "2.01":
                return [f"On {when}, {company.legal_name} completed its acquisition of {other}."]
            return [
                f"On {when}, {company.legal_name} entered into an agreement and plan of merger "
                f"under which it will acquire {other}, subject to customary conditions."
            ]
        if item == "7.01" and filing.kind == "acquisition":
            return ["The press release announcing the transaction is furnished as an exhibit."]
        return [d.pick(OTHER_TEXTS[item]).format(**slots)]
    slots |= {"pay": f"{d.integer(280, 700)},000", "age": d.integer(38, 63)}
    if filing.kind in ("pay_only", "director"):
        name = filing.details["person"]
        texts = PAY_ONLY if filing.kind == "pay_only" else DIRECTOR
        return [d.pick(texts).format(**slots, person=name, last=name.split()[-1])]
    event = filing.event
    details = event.details
    effective = market.date(event.day + details["effective_lag"])
    slots |= {
        "person": details["person"],
        "last": details["person"].split()[-1],
        "title": ("Interim " if details["is_interim"] else "") + details["title"],
        "effective": f"{effective:%B} {effective.day}, {effective.year}",
        "previous": details["previous"],
        "joined": company.founded + 1,
        "successor": details["successor"],
        "old": details.get("old_title"),
    }
    if event.subtype == "departure":
        texts = [d.pick(LEFT), d.pick(LEFT_MORE)]
        if details["successor"]:
            texts.append(d.pick(SUCCEEDED))
    elif event.subtype == "promotion":
        texts = [d.pick(PROMOTED), PAY_PARAGRAPH]
    elif event.subtype == "reorganization":
        texts = [d.pick(REASSIGNED), PAY_PARAGRAPH]
    else:
        texts = [d.pick(APPOINTED), d.pick(APPOINTED_MORE), PAY_PARAGRAPH]
    return [text.format(**slots) for text in texts]


def other_document(company: Company, filing: Filing) -> str:
    """A stand-in for reports that the product does not read."""
    return (
        f"<html><head><title>{filing.form}</title></head><body><p>{escape(company.legal_name)}</p>"
        f"<p>Form {filing.form}</p></body></html>\n"
    )


def form_d(market: Market, company: Company, filing: Filing) -> str:
    """The notice of an exempt offering, in the elements of the real schema."""
    f = filing.details
    d = Draws.of(f"form_d|{filing.accession}|{company.domain}")
    place = company.place
    pooled = bool(f.get("pooled"))
    name = f"{company.name} Fund {d.integer(1, 9)}, L.P." if pooled else company.legal_name
    state = place.region if place.code == "US" else "XX"
    described = US_STATES.get(place.region, place.country.upper())
    street = f"{d.integer(1, 990)} {d.pick(('Market', 'Canal', 'Station', 'Mill'))} Street"
    age = market.date(filing.day).year - company.founded
    founded = (
        f"<withinFiveYears>true</withinFiveYears><value>{company.founded}</value>"
        if age < 5
        else "<overFiveYears>true</overFiveYears>"
    )
    total = "Indefinite" if f["indefinite"] else str(f["total"])
    remaining = "Indefinite" if f["indefinite"] else str(max(0, f["total"] - f["sold"]))
    first_sale = (
        "<yetToOccur>true</yetToOccur>"
        if f["first_sale"] is None
        else f"<value>{market.date(f['first_sale'])}</value>"
    )
    amends = ""
    if f["amends"] is not None:
        amends = f"<previousAccessionNumber>{f['amends'].accession}</previousAccessionNumber>"
    kinds = "<isDebtType>true</isDebtType>" if f["debt"] else "<isEquityType>true</isEquityType>"
    industry = f"<industryGroupType>{xml(company.industry.form_d_group)}</industryGroupType>"
    exemptions = "<item>06b</item>"
    if pooled:
        kinds = "<isPooledInvestmentFundType>true</isPooledInvestmentFundType>"
        industry += (
            "<investmentFundInfo><investmentFundType>Venture Capital Fund</investmentFundType>"
            "<is40Act>false</is40Act></investmentFundInfo>"
        )
        exemptions += "<item>3C</item><item>3C.1</item>"
    elif company.industry.form_d_group == "Pooled Investment Fund":
        industry = "<industryGroupType>Investing</industryGroupType>"
    address = (
        f"<street1>{street}</street1><city>{xml(place.city)}</city>"
        f"<stateOrCountry>{state}</stateOrCountry>"
        f"<stateOrCountryDescription>{xml(described)}</stateOrCountryDescription>"
        f"<zipCode>{d.integer(10_000, 98_000)}</zipCode>"
    )
    people = "".join(_related(who, address, d) for who in f["persons"])
    signer = xml(f["persons"][0])
    entity = "Limited Partnership" if pooled else (
        "Limited Liability Company" if company.legal_name.endswith("LLC") else "Corporation"
    )  # fmt: skip
    # Some filers' software puts a line before the declaration, which strict parsers refuse.
    before = "\n" if d.chance(0.03) else ""
    return (
        before + '<?xml version="1.0"?>\n<edgarSubmission>\n<schemaVersion>X0708</schemaVersion>\n'
        f"<submissionType>{filing.form}</submissionType>\n<testOrLive>LIVE</testOrLive>\n"
        f"<primaryIssuer><cik>{company.cik10}</cik><entityName>{xml(name)}</entityName>"
        f"<issuerAddress>{address}</issuerAddress>"
        f"<issuerPhoneNumber>555-{d.integer(200, 999)}-{d.integer(1000, 9999)}</issuerPhoneNumber>"
        "<jurisdictionOfInc>DELAWARE</jurisdictionOfInc>"
        "<issuerPreviousNameList><value>None</value></issuerPreviousNameList>"
        "<edgarPreviousNameList><value>None</value></edgarPreviousNameList>"
        f"<entityType>{entity}</entityType><yearOfInc>{founded}</yearOfInc></primaryIssuer>\n"
        f"<relatedPersonsList>{people}</relatedPersonsList>\n"
        f"<offeringData><industryGroup>{industry}</industryGroup>"
        "<issuerSize><revenueRange>Decline to Disclose</revenueRange></issuerSize>"
        f"<federalExemptionsExclusions>{exemptions}</federalExemptionsExclusions>"
        f"<typeOfFiling><newOrAmendment><isAmendment>{str(filing.form == 'D/A').lower()}"
        f"</isAmendment>{amends}</newOrAmendment><dateOfFirstSale>{first_sale}</dateOfFirstSale>"
        "</typeOfFiling>"
        "<durationOfOffering><moreThanOneYear>false</moreThanOneYear></durationOfOffering>"
        f"<typesOfSecuritiesOffered>{kinds}</typesOfSecuritiesOffered>"
        "<businessCombinationTransaction><isBusinessCombinationTransaction>false"
        "</isBusinessCombinationTransaction></businessCombinationTransaction>"
        f"<minimumInvestmentAccepted>{f['minimum']}</minimumInvestmentAccepted>"
        "<salesCompensationList></salesCompensationList>"
        f"<offeringSalesAmounts><totalOfferingAmount>{total}</totalOfferingAmount>"
        f"<totalAmountSold>{f['sold']}</totalAmountSold>"
        f"<totalRemaining>{remaining}</totalRemaining></offeringSalesAmounts>"
        "<investors><hasNonAccreditedInvestors>false</hasNonAccreditedInvestors>"
        f"<totalNumberAlreadyInvested>{f['investors']}</totalNumberAlreadyInvested></investors>"
        "<salesCommissionsFindersFees><salesCommissions><dollarAmount>0</dollarAmount>"
        "</salesCommissions><findersFees><dollarAmount>0</dollarAmount></findersFees>"
        "</salesCommissionsFindersFees>"
        "<useOfProceeds><grossProceedsUsed><dollarAmount>0</dollarAmount></grossProceedsUsed>"
        "</useOfProceeds>"
        "<signatureBlock><authorizedRepresentative>false</authorizedRepresentative><signature>"
        f"<issuerName>{xml(name)}</issuerName><signatureName>/s/ {signer}</signatureName>"
        f"<nameOfSigner>{signer}</nameOfSigner><signatureTitle>Authorized Officer</signatureTitle>"
        f"<signatureDate>{market.date(filing.day)}</signatureDate></signature></signatureBlock>"
        "</offeringData>\n</edgarSubmission>\n"
    )


def _related(name: str, address: str, d: Draws) -> str:
    first, *middle, last = name.split()
    named = f"<firstName>{xml(first)}</firstName>"
    if middle:
        named += f"<middleName>{xml(middle[0])}</middleName>"
    roles = d.pick((("Executive Officer",), ("Director",), ("Executive Officer", "Director")))
    return (
        f"<relatedPersonInfo><relatedPersonName>{named}<lastName>{xml(last)}</lastName>"
        f"</relatedPersonName><relatedPersonAddress>{address}</relatedPersonAddress>"
        "<relatedPersonRelationshipList>"
        + "".join(f"<relationship>{role}</relationship>" for role in roles)
        + "</relatedPersonRelationshipList>"
        "<relationshipClarification></relationshipClarification></relatedPersonInfo>"
    )
