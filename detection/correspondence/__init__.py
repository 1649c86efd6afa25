"""The user's own correspondence: mail and transcripts read into typed records. No I/O, no network.

Nothing here decides what an opportunity is; it says who wrote what to whom, when, and which words
are the writer's own.
"""
