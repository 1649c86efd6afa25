"""Answers in the vendors' documented shapes, about invented companies and people."""

from __future__ import annotations

from tests.contract.enrichment.desk import as_json
from tests.contract.sources.vendor import Asked, Reply, Vendor

EMPTY = as_json({"total": 0, "results": []})


def apollo_organization(**more) -> dict:
    return {
        "organization": {
            "id": "5e66b6381e05b4008c8331b8", "name": "Aldine Robotics",
            "website_url": "http://www.aldine.example",
            "linkedin_url": "http://www.linkedin.com/company/aldine",
            "primary_phone": {"number": "+1 512-555-0142", "sanitized_number": "+15125550142"},
            "phone": "+1 512-555-0142", "founded_year": 2015, "primary_domain": "aldine.example",
            "industry": "machinery", "estimated_num_employees": 240, "city": "Austin",
            "state": "Texas", "country": "United States", "annual_revenue": 31000000,
            "total_funding": 25000000, "technology_names": ["HubSpot", "Segment"],
            "current_technologies": [], "funding_events": [], "alexa_ranking": None, **more,
        }
    }  # fmt: skip


def apollo_person(**more) -> dict:
    return {
        "request_id": 12,
        "person": {
            "id": "64a7ff0cc4dfae00013df1a5", "first_name": "Ida", "last_name": "Brandt",
            "name": "Ida Brandt", "linkedin_url": "http://www.linkedin.com/in/ida-brandt",
            "title": "Head of Data", "email_status": "verified", "photo_url": "https://x.example/p",
            "extrapolated_email_confidence": None, "headline": "Head of Data at Aldine",
            "email": "ida.brandt@aldine.example", "employment_history": [{"current": True}],
            "contact": {"phone_numbers": [{"raw_number": "+1 512 555 0199",
                        "sanitized_number": "+15125550199", "status": "valid_number"}]},
            "organization": {"name": "Aldine Robotics", "primary_domain": "aldine.example"}, **more,
        },
    }  # fmt: skip


def hunter_found(**more) -> dict:
    return {
        "data": {
            "first_name": "Ida", "last_name": "Brandt", "email": "ida.brandt@aldine.example",
            "score": 91, "domain": "aldine.example", "accept_all": False,
            "position": "Head of Data",
            "twitter": None, "linkedin_url": None, "phone_number": None, "company": "Aldine",
            "sources": [{"domain": "aldine.example", "uri": "http://aldine.example/team",
                         "extracted_on": "2026-01-01", "last_seen_on": "2026-05-01",
                         "still_on_page": True}],
            "verification": {"date": "2026-06-14", "status": "valid"}, **more,
        },
        "meta": {"params": {}},
    }  # fmt: skip


def hunter_verified(email: str, status: str) -> dict:
    return {"data": {"status": status, "result": "x", "score": 90, "email": email, "regexp": True,
                     "sources": []}, "meta": {}}  # fmt: skip


ENTITY = {
    "identifier": {"uuid": "u-1", "permalink": "aldine", "value": "Aldine Robotics",
                   "entity_def_id": "organization"},
    "website_url": "https://www.aldine.example",
    "linkedin": {"value": "https://www.linkedin.com/company/aldine"},
    "phone_number": "+1 512 555 0142", "num_employees_enum": "c_00101_00250",
    "founded_on": {"precision": "year", "value": "2015-01-01"},
    "funding_total": {"value": 25000000, "currency": "USD", "value_usd": 25000000},
}  # fmt: skip

HUBSPOT_COMPANY = {
    "id": "5", "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-06-01T00:00:00Z",
    "archived": False,
    "properties": {
        "domain": "aldine.example", "phone": None, "numberofemployees": "240",
        "industry": "MACHINERY", "city": "Austin", "country": "United States",
        "founded_year": "2015", "annualrevenue": "31000000", "hs_lastmodifieddate": "2026-06-01",
        "linkedin_company_page": "https://www.linkedin.com/company/aldine",
    },
}  # fmt: skip

BUILTWITH = {
    "Results": [
        {
            "Lookup": "aldine.example",
            "Result": {
                "Paths": [
                    {
                        "Domain": "aldine.example",
                        "Technologies": [
                            {"Name": "HubSpot", "Tag": "crm", "Live": True,
                             "FirstDetected": 1609459200000, "LastDetected": 1748736000000},
                            {"Name": "Old Counter", "Tag": "analytics", "Live": False},
                        ],
                    }
                ]
            },
            "Meta": {"CompanyName": "Aldine Robotics", "Telephones": ["+1 512 555 0142"],
                     "City": "Austin", "Country": "US", "Names": [{"Name": "Somebody"}]},
        }
    ],
    "Errors": [],
}  # fmt: skip

CORESIGNAL_COMPANY = {
    "id": 77, "name": "Aldine Robotics", "website": "https://aldine.example",
    "domain": "aldine.example", "industry": "Machinery", "founded": 2015, "size": "201-500",
    "employees_count": 236, "country": "United States", "locality": "Austin",
    "linkedin_url": "https://www.linkedin.com/company/aldine",
    "last_updated": "2026-05-20T00:00:00Z",
}  # fmt: skip

CORESIGNAL_EMPLOYEE = {
    "id": 99, "full_name": "Ida Brandt", "title": "Head of Data",
    "linkedin_url": "https://www.linkedin.com/in/ida-brandt",
    "experience": [
        {"company_name": "Aldine Robotics, Inc.", "title": "VP Data", "date_from": "2025-02",
         "date_to": None},
        {"company_name": "Borel", "title": "Analyst", "date_from": "2019", "date_to": "2025"},
    ],
    "last_updated": "2026-05-20T00:00:00Z",
}  # fmt: skip

PAGE = b"""<!doctype html><html><head><script type="application/ld+json">
{"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "x"},
 {"@type": "Organization", "name": "Aldine Robotics", "telephone": "+1 512 555 0142",
  "foundingDate": "2015", "sameAs": ["https://www.linkedin.com/company/aldine"],
  "numberOfEmployees": {"@type": "QuantitativeValue", "value": 240},
  "address": {"@type": "PostalAddress", "addressLocality": "Austin", "addressCountry": "US"}}]}
</script></head><body><a href="mailto:info@aldine.example">Write</a>
<a href="mailto:ida.brandt@aldine.example?subject=Hi">Ida</a></body></html>"""


def answer_everything(vendor: Vendor) -> None:
    """Every provider answers well; the company's own site says nothing."""
    vendor.on("/company_site/aldine.example/robots.txt", Reply(b"", 404))
    vendor.on("/company_site/aldine.example/", Reply(b"<html></html>", 200))
    vendor.on("/hubspot/crm/v3/objects/companies/search", EMPTY)
    vendor.on("/hubspot/crm/v3/objects/contacts/search", EMPTY)
    without = apollo_organization(technology_names=[])
    vendor.on("/apollo/api/v1/organizations/enrich", as_json(without))
    vendor.on("/apollo/api/v1/people/match", as_json(apollo_person()))
    vendor.on("/hunter/v2/email-finder", as_json(hunter_found()))

    def verify(asked: Asked) -> Reply:
        return as_json(hunter_verified(asked.query["email"], "valid"))

    vendor.on("/hunter/v2/email-verifier", verify)
    found = {"count": 1, "entities": [{"uuid": "u-1", "properties": ENTITY}]}
    vendor.on("/crunchbase/v4/data/searches/organizations", as_json(found))
    vendor.on("/crunchbase/v4/data/entities/organizations/aldine", as_json({"properties": ENTITY}))
    vendor.on("/builtwith/v22/api.json", as_json(BUILTWITH))
    api = "/coresignal/cdapi/v2"
    vendor.on(f"{api}/multi_source_company/search/es_dsl", as_json([77]))
    vendor.on(f"{api}/multi_source_company/collect/77", as_json(CORESIGNAL_COMPANY))
    vendor.on(f"{api}/multi_source_employee/search/filter", as_json([99]))
    vendor.on(f"{api}/multi_source_employee/collect/99", as_json(CORESIGNAL_EMPLOYEE))
