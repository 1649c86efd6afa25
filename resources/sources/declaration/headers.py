"""What users call the columns of their CRM's reports."""

from __future__ import annotations

from pathlib import Path

from resources.sources.declaration.loading import load_declarations


def declared_headers(config_dir: Path) -> dict[str, dict[str, str]]:
    """Headers that users name for their CRM's reports (``options.headers``), by source.

    Beside the registry of sources, which imports every connector: a reading process needs none.
    """
    return {
        name: {field: str(header) for field, header in declaration.options["headers"].items()}
        for name, declaration in load_declarations(config_dir).sources.items()
        if declaration.connector == "crm_reports" and declaration.options.get("headers")
    }
