"""Records of any source brought into one of a few known shapes by a mapping in YAML.

Belongs here: the record types, what a mapping may say, typed values, tables in files, mapped rows.
Does not belong here: where the bytes come from (``resources.sources.connectors``).
"""
