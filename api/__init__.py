"""The HTTP door.

Belongs here: taking webhooks in. Does not belong here: what an event means; the door checks who
sends it and stores it, ``resources.sources`` reads it.
"""
