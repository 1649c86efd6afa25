"""What exists: thin Dagster assets and checks, one module per subject.

Belongs here: names, owners, descriptions, partitions and the call of the code that does the work.
Does not belong here: parsing (``detection``), SQL (``dbt_project``), HTTP (``resources``).
"""
