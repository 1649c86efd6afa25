"""Facts that readers load: data files only, no code."""
