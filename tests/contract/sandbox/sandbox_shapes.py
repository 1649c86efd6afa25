"""The key sets of the real services' answers, written down from their public documentation."""

GREENHOUSE_JOB = {
    "absolute_url", "data_compliance", "internal_job_id", "location", "metadata", "id",
    "updated_at", "requisition_id", "title", "company_name", "first_published", "language",
    "application_deadline", "content", "departments", "offices", "ai_disclaimer",
    "include_ai_disclaimer", "ai_opt_out_request_url",
}  # fmt: skip
LEVER_POSTING = {
    "additionalPlain", "additional", "categories", "createdAt", "descriptionPlain", "description",
    "id", "lists", "text", "country", "workplaceType", "opening", "openingPlain",
    "descriptionBody", "descriptionBodyPlain", "hostedUrl", "applyUrl",
}  # fmt: skip
LEVER_CATEGORIES = {"commitment", "department", "location", "team", "allLocations"}
ASHBY_JOB = {
    "id", "title", "department", "team", "employmentType", "location",
    "shouldDisplayCompensationOnJobPostings", "secondaryLocations", "publishedAt", "isListed",
    "isRemote", "workplaceType", "address", "jobUrl", "applyUrl", "descriptionHtml",
    "descriptionPlain", "compensation",
}  # fmt: skip
SUBMISSIONS = {
    "cik", "entityType", "sic", "sicDescription", "insiderTransactionForOwnerExists",
    "insiderTransactionForIssuerExists", "name", "tickers", "exchanges", "ein", "description",
    "website", "investorWebsite", "category", "fiscalYearEnd", "stateOfIncorporation",
    "stateOfIncorporationDescription", "addresses", "phone", "flags", "formerNames", "filings",
}  # fmt: skip
FILING_COLUMNS = {
    "accessionNumber", "filingDate", "reportDate", "acceptanceDateTime", "act", "form",
    "fileNumber", "filmNumber", "items", "size", "isXBRL", "isInlineXBRL", "primaryDocument",
    "primaryDocDescription",
}  # fmt: skip
ROUND_IDENTIFIERS = {"uuid", "value", "permalink", "entity_def_id"}
MONEY = {"value", "currency", "value_usd"}
FORM_D_FIELDS = (
    "primaryIssuer/cik", "primaryIssuer/entityName", "primaryIssuer/issuerAddress/city",
    "primaryIssuer/jurisdictionOfInc", "primaryIssuer/entityType", "primaryIssuer/yearOfInc",
    "relatedPersonsList/relatedPersonInfo/relatedPersonName/lastName",
    "offeringData/industryGroup/industryGroupType",
    "offeringData/typeOfFiling/newOrAmendment/isAmendment",
    "offeringData/typeOfFiling/dateOfFirstSale",
    "offeringData/offeringSalesAmounts/totalOfferingAmount",
    "offeringData/offeringSalesAmounts/totalAmountSold",
    "offeringData/investors/totalNumberAlreadyInvested",
    "offeringData/signatureBlock/signature/signatureDate",
)  # fmt: skip
CSV_HEADERS = {
    "company_list": "name,domain,cik,industry,employees,city,country,job_board",
    "accounts": "Account ID,Account Name,Website,Industry,Employees,Billing City,Billing Country,"
    "Phone,Created Date,Last Activity Date",
    "contacts": "Contact ID,Account ID,Account Name,First Name,Last Name,Title,Email,Phone,"
    "LinkedIn,Created Date,Last Activity Date",
    "opportunities": "Opportunity ID,Account ID,Account Name,Opportunity Name,Stage,Amount,"
    "Currency,Created Date,Close Date,Is Closed,Is Won,Lead Source,Next Step,Owner",
}
