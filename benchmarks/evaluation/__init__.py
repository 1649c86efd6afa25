"""Real files through the line's own clients and readers, against recounts and labels.

Each module measures one kind of data and answers with metrics, misses and what it skipped. A label
is only ever looked at to judge a reading that has been made without it.
"""
