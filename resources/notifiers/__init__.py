"""Sending what ``activation`` decided to say: channels, and the outbox that remembers.

Belongs here: one module per kind of channel, the registry that makes them from configuration, the
store of deliveries, the loop that empties it. Does not belong here: what is worth saying, to whom,
and what follows a failure (``activation``).
"""
