"""Where signals come from: one declaration per source, one connector each, one way to ingest.

Belongs here: asking a vendor politely and putting its answer, as it said it, into the lake's
envelope. Does not belong here: reading text or pages (``detection``), making tables (``dbt``).
"""
