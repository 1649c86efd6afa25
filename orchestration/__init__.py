"""What runs when: the one ``Definitions``, jobs, schedules, sensors, automation, the command line."""
