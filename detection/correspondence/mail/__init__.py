"""Mail: mbox files to messages, MIME to text, quotes and signatures off, threads, requests.

What belongs here reads mail as bytes or as ``MailMessage``. Fetching mail is the sources' work;
saying what a mail means for a deal belongs to ``detection.correspondence.rfq``.
"""
