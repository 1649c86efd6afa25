"""Side-by-side measurements that anyone can run: ``make bench`` (``python -m benchmarks``).

Belongs here: input of any size, the line measured stage by stage, peers that do the same work.
Does not belong here: anything that the platform itself needs.
"""
