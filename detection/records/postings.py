"""What is read from job postings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from detection.records.base import Detection


@dataclass(frozen=True, kw_only=True)
class JobPosting(Detection):
    """What one version of a job posting says. Lists are JSON texts."""

    title: str
    #: c_suite, vp, director, manager; None when the title says none of these.
    level: str | None
    #: Stage of a career: management, director, lead, senior, junior; None when it says none.
    seniority: str | None
    #: From the title, else from the vendor's department, else by likeness to known titles; None
    #: when none of these says one we know.
    department: str | None
    #: As the vendor states it.
    stated_department: str | None
    #: The employer as the posting states it; None where the board is the employer's own.
    company_name: str | None
    #: First place.
    city: str | None
    region: str | None
    country: str | None
    #: JSON list of {"city", "region", "country"}: all places, the first one included.
    places: str
    #: remote, hybrid, on_site.
    remote_option: str | None
    #: full_time, part_time, contract, temporary, internship.
    employment_type: str | None
    salary_min: float | None
    salary_max: float | None
    salary_currency: str | None
    #: hour, day, week, month, year.
    salary_period: str | None
    #: field (stated by the vendor) or text (read from the words).
    salary_source: str | None
    #: JSON lists of names.
    required_skills: str
    preferred_skills: str
    #: JSON list of {"name", "category", "requirement"}: required, preferred or mentioned.
    technologies: str
    #: JSON list of {"name", "requirement"}.
    certifications: str
    years_min: int | None
    years_max: int | None
    #: vocational, bachelor, master, doctorate: the least that is accepted.
    degree: str | None
    opened_on: date | None
    changed_at: datetime | None
    #: Last day of applying, where the vendor states one.
    closes_on: date | None
    #: Placed by an agency for a client.
    is_recruiter: bool
    #: Hash of the description's words: equal for copies of one text.
    text_fingerprint: str | None
    #: JSON object: the words or field that each reading rests on.
    field_evidence: str
