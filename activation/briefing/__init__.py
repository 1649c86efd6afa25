"""What a seller reads at the end of a run: the top leads, why now, and where to look next.

Pure functions from rows (those of ``activation.questions``) to something printable: ``brief``
chooses, ``render`` makes it for a terminal, ``render_markdown`` for a page.
"""

from activation.briefing.choosing import WHY_NOW_DAYS, Briefing, LeadBrief, brief
from activation.briefing.lines import score_lines, stage_line
from activation.briefing.page import render_markdown
from activation.briefing.places import Places, default_query, where_to_look
from activation.briefing.terminal import render, show

__all__ = [
    "WHY_NOW_DAYS",
    "Briefing",
    "LeadBrief",
    "Places",
    "brief",
    "default_query",
    "render",
    "render_markdown",
    "score_lines",
    "show",
    "stage_line",
    "where_to_look",
]
