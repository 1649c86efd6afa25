"""How text and pages are read: pure functions from bytes or text to typed, dated rows.

Belongs here: parsers, classifiers and the record types they fill. Does not belong here: anything
that opens a file, asks the network, or knows of Dagster; nothing of ours is imported.
"""
