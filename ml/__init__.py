"""How the future is judged: features, training, evaluation, registry, explanation.

Belongs here: everything about models, from a table of features to a table of predictions. Does
not belong here: Dagster, SQL that builds features (``dbt_project``), where files lie
(``resources``).
"""
