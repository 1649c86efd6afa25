"""Job postings with all that their fields and words say."""

from __future__ import annotations

from collections.abc import Iterator

from detection.readers.lake_row import ENVELOPE, Row, json_text, payload_of, shared_columns
from detection.readers.posting_streams import MAPPED_POSTINGS, POSTING_STREAMS, title_of
from detection.readers.reader import Reader
from detection.records import DETECTIONS, Detection

POSTING_VERSION = "3"


def read_job_posting_row(row: Row) -> Iterator[Detection]:
    """One version of a posting with all that its fields and words say."""
    from detection.job_postings import MAPPED, advert_of, read_advert
    from detection.title_model import department_by_likeness
    from detection.titles import read_title

    payload = payload_of(row)
    vendor = MAPPED if row["stream"] == MAPPED_POSTINGS else row["source"]
    advert = advert_of(vendor, payload)
    title = title_of(advert)
    reading = read_advert(advert)
    text = reading.text
    titled = read_title(title)
    places = [p for p in (reading.place, *reading.other_places) if p is not None]
    # An employer that names its own product does not ask for it.
    own = {
        (advert.company_name or "").casefold(),
        row["record_id"].partition("/")[0].casefold(),
    }
    technologies = [t for t in text.technologies if t.name.casefold() not in own]
    yield DETECTIONS["job_postings"](
        **shared_columns(
            row,
            "job_postings",
            POSTING_VERSION,
            0,
            reading.confidence,
            ", ".join(filter(None, (title, *advert.locations[:1]))),
        ),
        title=title,
        level=titled.level,
        seniority=titled.seniority,
        department=titled.department
        or (read_title(advert.department).department if advert.department else None)
        or department_by_likeness(title),
        stated_department=advert.department,
        company_name=advert.company_name,
        city=reading.place.city if reading.place else None,
        region=reading.place.region if reading.place else None,
        country=reading.place.country if reading.place else None,
        places=json_text(
            [{"city": p.city, "region": p.region, "country": p.country} for p in places]
        ),
        remote_option=reading.remote_option,
        employment_type=reading.employment_type,
        salary_min=reading.pay.low if reading.pay else None,
        salary_max=reading.pay.high if reading.pay else None,
        salary_currency=reading.pay.currency if reading.pay else None,
        salary_period=reading.pay.period if reading.pay else None,
        salary_source=reading.pay_source,
        required_skills=json_text([s.name for s in text.skills if s.requirement == "required"]),
        preferred_skills=json_text([s.name for s in text.skills if s.requirement == "preferred"]),
        technologies=json_text(
            [
                {"name": t.name, "category": t.category, "requirement": t.requirement}
                for t in technologies
            ]
        ),
        certifications=json_text(
            [{"name": c.name, "requirement": c.requirement} for c in text.certifications]
        ),
        years_min=text.years.low if text.years else None,
        years_max=text.years.high if text.years else None,
        degree=text.degree[0] if text.degree else None,
        opened_on=advert.opened_on,
        changed_at=advert.changed_at,
        closes_on=advert.closes_on,
        is_recruiter=reading.is_recruiter,
        text_fingerprint=text.fingerprint,
        field_evidence=json_text(reading.evidence),
    )


READER = Reader(
    table="job_postings",
    streams=(*POSTING_STREAMS, ("*", MAPPED_POSTINGS)),
    record=DETECTIONS["job_postings"],
    name="job_postings",
    version=POSTING_VERSION,
    read=read_job_posting_row,
    columns=ENVELOPE,
)
