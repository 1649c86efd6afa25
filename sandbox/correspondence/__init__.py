"""Invented correspondence about requests for quotation, with the truth of what it says.

``generate.generate(seed, deals, distractors)`` gives raw mails (RFC 822), transcripts (VTT), CRM
rows and, apart from them, which deal each belongs to and what it states. People, companies and
words are made up; the same seed gives the same bytes.
"""
