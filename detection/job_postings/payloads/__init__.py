"""What each vendor's answer says of one posting, in one shape: no words are read here.

The fields are those of the recorded answers of Greenhouse, Lever, Ashby, Workday, Adzuna and
USAJobs. A field that a vendor does not have is None or empty.
"""

from detection.job_postings.payloads.advert import Advert, Payload
from detection.job_postings.payloads.file_drops import MAPPED
from detection.job_postings.payloads.vendors import VENDORS, advert_of

__all__ = ["MAPPED", "VENDORS", "Advert", "Payload", "advert_of"]
