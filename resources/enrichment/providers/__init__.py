"""One module per vendor: which question it takes, how it is asked, what its answer means.

Each module has ``OPERATIONS``, a mapping of operation names to ``Operation``. ``read`` functions
are pure and take decoded answers, so that a contract test needs no network.
"""
