"""Run by the peer's Python: edgartools over 8-K documents, the items it finds and how long it took.

``edgartools_filings.py <asked.json> <told.json>``; knows nothing of the project. Nothing is
fetched: the report is given a filing that holds its document, as after a download.
"""

import json
import re
import sys
import time
import warnings
from types import SimpleNamespace


class Filing:
    """The part of a filing that a report reads: its form, document and text."""

    form = "8-K"
    accession_number = "0000000000-00-000000"

    def __init__(self, content, parser, config):
        self.content = content
        self.is_html = re.search(r"<(?:html|body|div|p|font)\b", content, re.I) is not None
        self.parser, self.config = parser, config
        self.attachments = []
        self.header = SimpleNamespace(period_of_report=None)

    def html(self):
        """The document where it is HTML."""
        return self.content if self.is_html else None

    def text(self):
        """The document as text, as edgartools itself makes it."""
        if not self.is_html:
            return self.content
        return self.parser(self.config(form=self.form)).parse(self.content).text()


def main() -> None:
    """Read all documents, write processor seconds and items."""
    warnings.simplefilter("ignore")
    from edgar.company_reports.current_report import CurrentReport
    from edgar.documents import HTMLParser, ParserConfig

    with open(sys.argv[1], encoding="utf-8") as file:
        asked = json.load(file)
    found, failed = {}, 0
    started = time.process_time()
    for name, content in asked.items():
        try:
            items = CurrentReport(Filing(content, HTMLParser, ParserConfig)).items
        except Exception:  # what it cannot read gives nothing
            items, failed = [], failed + 1
        found[name] = [re.sub(r"(?i)item\s*", "", item).strip() for item in items]
    told = {"cpu_seconds": time.process_time() - started, "found": found, "failed": failed}
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(told, file)


if __name__ == "__main__":
    main()
