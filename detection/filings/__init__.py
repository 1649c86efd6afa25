"""What the SEC's filings tell: forms taken apart, items read into people's changes and events."""
