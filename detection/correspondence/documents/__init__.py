"""Documents beside mail and meetings: what a file says of business, and notes of meetings.

Does not belong here: where documents come from, and how a text's statements are found (``rfq``).
"""
