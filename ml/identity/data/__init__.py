"""Vocabularies and parameters that come with the package."""
