"""One module per source: what to ask, and how an answer becomes records of the lake.

A connector is ``fetch(context) -> Iterator[Emission]``; each also has a ``parse...`` function from
bytes to records that needs no network, so that files take the same way as answers. Nothing is
interpreted here: a payload is stored as the source said it.
"""
