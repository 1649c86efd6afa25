"""Mail: MIME to messages, quotes and signatures off, conversations, requests, relevance.

What belongs here reads mail as bytes or as ``MailMessage``. Fetching mail and cutting mbox files
is the sources' work (``resources``); saying what a mail means for a deal belongs to
``detection.correspondence.rfq``.
"""
