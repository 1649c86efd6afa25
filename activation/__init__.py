"""Who is told and what is done: alert rules, what a seller reads, plays.

Belongs here: decisions as pure functions over published rows. Does not belong here: sending, which
is left to ``resources``.
"""
