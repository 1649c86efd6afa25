"""Requests for quotation in mail and talk: what is asked and offered, for when, on what terms.

``signals.find_signals`` reads one text; each signal says its kind, value, sentence and place.
``relevance.judge`` says whether a text is about business of ours at all, and which way it goes.
"""
