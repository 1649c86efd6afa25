"""Opportunities out of what single mails, calls and CRM rows say.

Belongs here: which sources speak of one deal (``comparison``, ``correlation``; probabilities with
reasons, groups by ``ml.identity.clusters``), how far it is (``stages``), which of several values
holds (``consolidation``), what it is worth attending to (``priority``), the record that people
read (``building``), what reviewers said of it (``annotations``, ``feedback``, ``accuracy``) and
what is wrong with it (``quality``). Pure functions: order and repetition of sources change nothing.

Does not belong here: reading text (``detection.correspondence``), tables and runs (``assets``).
"""
