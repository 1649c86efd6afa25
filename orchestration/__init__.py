"""What runs when.

Belongs here: the one ``Definitions``, jobs, schedules, sensors, automation conditions and the
command line. Does not belong here: what an asset does (``assets`` and the rooms below it).
"""
