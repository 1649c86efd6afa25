"""What can go wrong in this room, each error naming what to look at and how to mend it."""


class FeatureError(ValueError):
    """A feature table does not have the shape a model needs; names the column and the remedy."""


class LeakError(ValueError):
    """A feature, or a whole model, knows the outcome better than the past allows."""


class RegistryError(RuntimeError):
    """The tracking store or an artifact in it cannot be used; names the store and the remedy."""
