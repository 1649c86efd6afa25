"""What the platform uses: HTTP, vendors' clients, lake, state store, gates, publication, notifiers.

Belongs here: everything with an edge to the outside (network, disk, database), and the typed
settings that configure it. Does not belong here: what an asset is (``assets``), when it runs
(``orchestration``), how text is read (``detection``), how tables are made (``dbt_project``).
"""
