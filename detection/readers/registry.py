"""Every reader by the detection table that it fills."""

from __future__ import annotations

from detection.readers import (
    company_renames,
    correspondence,
    crm_rows,
    documents,
    employee_moves,
    filings,
    form_d,
    job_postings,
    job_titles,
    leadership,
    press_events,
    technologies,
)
from detection.readers.reader import Reader

READERS: dict[str, Reader] = {
    reader.table: reader
    for reader in (
        form_d.READER,
        filings.ITEMS,
        filings.EVENTS,
        filings.EXECUTIVE_CHANGES,
        leadership.READER,
        employee_moves.READER,
        press_events.READER,
        company_renames.READER,
        technologies.READER,
        job_titles.READER,
        job_postings.READER,
        correspondence.MESSAGES,
        correspondence.MEETINGS,
        documents.READER,
        crm_rows.OPPORTUNITIES,
        crm_rows.ACCOUNTS,
    )
}
