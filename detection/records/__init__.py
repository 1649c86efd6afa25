"""The rows that readers produce: one dataclass per detection table, the single definition of it.

Arrow schemas are derived from the annotations (``arrow_schema``), the Parquet files follow those,
and dbt's ``sources.yml`` documents the same columns (a test compares the two). Dates are calendar
days, times are UTC, money is in the row's ``currency`` units, and ``None`` always means "not
stated", never a guess.
"""

from detection.records.base import Detection, detection_id
from detection.records.correspondence import (
    CorrespondenceDocument,
    CorrespondenceMeeting,
    CorrespondenceMessage,
)
from detection.records.crm import CrmAccount, CrmOpportunity
from detection.records.filings import FilingEvent, FilingItem, FormDOffering
from detection.records.people import EmployeeMove, ExecutiveChange, JobTitle, LeadershipEntry
from detection.records.postings import JobPosting
from detection.records.press import CompanyRename, PressEvent
from detection.records.tables import DETECTIONS, arrow_schema
from detection.records.technologies import TechnologyDetection

__all__ = [
    "DETECTIONS",
    "CompanyRename",
    "CorrespondenceDocument",
    "CorrespondenceMeeting",
    "CorrespondenceMessage",
    "CrmAccount",
    "CrmOpportunity",
    "Detection",
    "EmployeeMove",
    "ExecutiveChange",
    "FilingEvent",
    "FilingItem",
    "FormDOffering",
    "JobPosting",
    "JobTitle",
    "LeadershipEntry",
    "PressEvent",
    "TechnologyDetection",
    "arrow_schema",
    "detection_id",
]
