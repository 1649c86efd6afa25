"""What reviewers say of opportunities: checked where it comes in, kept for good.

``record`` is one annotation and what may stand in it, ``files`` reads CSV and JSON, ``store`` keeps
them append-only in the state store. What an annotation does to an opportunity is none of this
room's business (``ml.opportunities.annotations``).
"""
