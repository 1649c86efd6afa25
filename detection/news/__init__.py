"""What a sentence of business news tells, and how two companies in it stand to each other: learned.

The rules in ``detection.press`` know how press language is built and name the parts of an event;
what they do not know they pass over. The classifiers here weigh words instead, so they also answer
for sentences that no rule foresaw, with a probability and without the parts.

Belongs here: the engine that readers ask (``engine``), the features of a sentence (``features``),
the learners (``events`` by weights of words, for the line; ``likeness_events`` and ``relations``
by likeness to examples, ``kernel``; pure: examples in, model out), what they are asked about
(``mentions``), the optional sentence encoder (``encoder``, its layers in ``transformer``, what it
tells of two names in ``mention_states``) and how its upper layers are taught a task (``teaching``,
``taught``), and what is learned from the examples which the project ships (``shipped``,
``shipped_relations``). Does not belong here: rules, rows, files, and data that is not ours.
"""

from detection.news.engine import EventEngine, TypedEvent

__all__ = ["EventEngine", "TypedEvent"]
