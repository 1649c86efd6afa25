"""A small simulated market whose vendors answer over real HTTP.

It serves the demo, tests and scale runs. Belongs here: companies, their hidden buying process, the
traces it leaves, and vendor stand-ins that serve those traces in the true shapes of the real
services. Does not belong here: anything the product imports; the product meets this room over HTTP
only. Figures measured on it are always called simulated.

``python -m sandbox serve`` answers as the vendors, ``python -m sandbox truth --out DIR`` writes
what truly happened, ``python -m sandbox.measure`` says how fast it is. ``running_market`` in
``sandbox.process`` serves a market from a child process; ``sandbox.anchor`` keeps its
configuration between runs.
"""

from sandbox.anchoring import Anchor, anchor

__all__ = ["Anchor", "anchor"]
