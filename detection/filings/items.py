"""The items a Form 8-K may bear, their titles, and the words by which a heading is known.

Modern numbers: SEC Release 33-8400, in force since 23 August 2004 (later additions: 1.04 in 2011,
1.05 in 2023, 5.07 and 5.08 in 2010, 6.01 to 6.06 in 2006). Legacy numbers 1 to 12: the form before
that day (10 and 11 since 2003, 12 since March 2003).
"""

from __future__ import annotations

from datetime import date

#: The first day on which the modern item numbers were used.
MODERN_FROM = date(2004, 8, 23)

MODERN_ITEMS: dict[str, str] = {
    "1.01": "Entry into a Material Definitive Agreement",
    "1.02": "Termination of a Material Definitive Agreement",
    "1.03": "Bankruptcy or Receivership",
    "1.04": "Mine Safety - Reporting of Shutdowns and Patterns of Violations",
    "1.05": "Material Cybersecurity Incidents",
    "2.01": "Completion of Acquisition or Disposition of Assets",
    "2.02": "Results of Operations and Financial Condition",
    "2.03": "Creation of a Direct Financial Obligation or an Obligation under an Off-Balance "
    "Sheet Arrangement of a Registrant",
    "2.04": "Triggering Events That Accelerate or Increase a Direct Financial Obligation or an "
    "Obligation under an Off-Balance Sheet Arrangement",
    "2.05": "Costs Associated with Exit or Disposal Activities",
    "2.06": "Material Impairments",
    "3.01": "Notice of Delisting or Failure to Satisfy a Continued Listing Rule or Standard; "
    "Transfer of Listing",
    "3.02": "Unregistered Sales of Equity Securities",
    "3.03": "Material Modification to Rights of Security Holders",
    "4.01": "Changes in Registrant's Certifying Accountant",
    "4.02": "Non-Reliance on Previously Issued Financial Statements or a Related Audit Report or "
    "Completed Interim Review",
    "5.01": "Changes in Control of Registrant",
    "5.02": "Departure of Directors or Certain Officers; Election of Directors; Appointment of "
    "Certain Officers; Compensatory Arrangements of Certain Officers",
    "5.03": "Amendments to Articles of Incorporation or Bylaws; Change in Fiscal Year",
    "5.04": "Temporary Suspension of Trading Under Registrant's Employee Benefit Plans",
    "5.05": "Amendments to the Registrant's Code of Ethics, or Waiver of a Provision of the Code "
    "of Ethics",
    "5.06": "Change in Shell Company Status",
    "5.07": "Submission of Matters to a Vote of Security Holders",
    "5.08": "Shareholder Director Nominations",
    "6.01": "ABS Informational and Computational Material",
    "6.02": "Change of Servicer or Trustee",
    "6.03": "Change in Credit Enhancement or Other External Support",
    "6.04": "Failure to Make a Required Distribution",
    "6.05": "Securities Act Updating Disclosure",
    "6.06": "Static Pool",
    "7.01": "Regulation FD Disclosure",
    "8.01": "Other Events",
    "9.01": "Financial Statements and Exhibits",
}

LEGACY_ITEMS: dict[str, str] = {
    "1": "Changes in Control of Registrant",
    "2": "Acquisition or Disposition of Assets",
    "3": "Bankruptcy or Receivership",
    "4": "Changes in Registrant's Certifying Accountant",
    "5": "Other Events and Required FD Disclosure",
    "6": "Resignations of Registrant's Directors",
    "7": "Financial Statements, Pro Forma Financial Information and Exhibits",
    "8": "Change in Fiscal Year",
    "9": "Regulation FD Disclosure",
    "10": "Amendments to the Registrant's Code of Ethics",
    "11": "Temporary Suspension of Trading Under Registrant's Employee Benefit Plans",
    "12": "Results of Operations and Financial Condition",
}

#: Word beginnings that appear in an item's heading, lower case.
HEADING_WORDS: dict[str, tuple[str, ...]] = {
    "1.01": ("entry", "material", "definitive", "agreement"),
    "1.02": ("terminat", "material", "definitive"),
    "1.03": ("bankruptcy", "receivership"),
    "1.04": ("mine", "safety"),
    "1.05": ("cybersecurity",),
    "2.01": ("completion", "acquisition", "disposition"),
    "2.02": ("result", "operations", "financial condition", "disclosure of results"),
    "2.03": ("creation", "obligation", "off-balance"),
    "2.04": ("triggering", "accelerat"),
    "2.05": ("cost", "exit", "disposal"),
    "2.06": ("impairment",),
    "3.01": ("delist", "listing", "notice"),
    "3.02": ("unregistered", "sale", "equity"),
    "3.03": ("modification", "rights", "security holders"),
    "4.01": ("change", "accountant", "certifying"),
    "4.02": ("non-reliance", "nonreliance", "reliance", "previously"),
    "5.01": ("change", "control"),
    "5.02": ("departure", "director", "officer", "election", "appointment", "compensat", "resign"),
    "5.03": ("amendment", "articles", "bylaws", "by-laws", "fiscal year"),
    "5.04": ("suspension", "temporary", "trading"),
    "5.05": ("code of ethics", "ethics", "waiver"),
    "5.06": ("shell",),
    "5.07": ("submission", "vote", "matters"),
    "5.08": ("nomination", "shareholder director"),
    "6.01": ("abs", "informational", "computational"),
    "6.02": ("servicer", "trustee"),
    "6.03": ("credit enhancement", "external support"),
    "6.04": ("distribution",),
    "6.05": ("securities act", "updating"),
    "6.06": ("static",),
    "7.01": ("regulation", "fd", "disclosure"),
    "8.01": ("other", "event"),
    "9.01": ("financial", "exhibit", "statement"),
    "1": ("change", "control"),
    "2": ("acquisition", "disposition", "purchase", "sale"),
    "3": ("bankruptcy", "receivership"),
    "4": ("change", "accountant", "auditor", "certifying"),
    "5": ("other", "event", "fd"),
    "6": ("resignation", "director"),
    "7": ("financial", "exhibit", "statement", "pro forma"),
    "8": ("fiscal",),
    "9": ("regulation", "fd", "disclosure"),
    "10": ("amendment", "ethics", "waiver"),
    "11": ("suspension", "temporary", "trading"),
    "12": ("result", "operations", "financial condition", "disclosure"),
}


def item_title(code: str) -> str | None:
    """The form's own title of an item, modern or legacy."""
    return MODERN_ITEMS.get(code) or LEGACY_ITEMS.get(code)
