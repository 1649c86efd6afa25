"""What people of the market's seller export by hand, as files in the vendors' own columns.

The vendors have no interface that a program may ask; somebody downloads a list now and then and
drops it into a folder. Each list tells a part of what truly happened, some of it wrongly formed,
and the seller's own tools list what people of the companies did with them. Written by
``python -m sandbox serve --drops FOLDER`` for the last day of the history.
"""

from sandbox.exports.files import VENDORS, exports, write_exports

__all__ = [
    "VENDORS",
    "exports",
    "write_exports",
]
