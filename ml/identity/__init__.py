"""Who is who: one company and one person across all sources.

Belongs here: how two records are compared (names, addresses, keys), which pairs are worth
comparing, the Splink model that turns a comparison into a probability, how accepted links become
companies, and how a person's decisions bind all of this. Pure functions over Arrow tables; Splink
and DuckDB run in memory only.

Does not belong here: Dagster (``assets/identity.py``), where records and links are stored
(``resources``), the SQL that joins by exact keys and publishes companies
(``dbt_project/models/intermediate/identity``), reading text (``detection``).
"""
