"""::

StoreError
├── SchemaUnsupported     a table declaration that no portable column exists for
├── SchemaTooNew          the database was written by a newer release
├── ForeignDatabase       the database holds another chain, or another deployment
├── NotADatabase          the file is no node's database
└── CursorMoved           someone else has written since: nothing was changed, read the cursor again
"""

from __future__ import annotations


class StoreError(Exception):
    pass


class SchemaUnsupported(StoreError):
    pass


class SchemaTooNew(StoreError):
    pass


class ForeignDatabase(StoreError):
    pass


class NotADatabase(StoreError):
    pass


class CursorMoved(StoreError):
    pass
