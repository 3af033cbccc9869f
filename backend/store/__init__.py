"""The database, in one place."""

from backend.store.backup import backup
from backend.store.digest import StateHash, state_hash
from backend.store.errors import (
    CursorMoved,
    ForeignDatabase,
    NotADatabase,
    SchemaTooNew,
    SchemaUnsupported,
    StoreError,
)
from backend.store.store import Cursor, Reader, Rewind, Status, Store
from backend.store.table import Int256, Table, Uint256, table, table_of

__all__ = [
    "Cursor",
    "CursorMoved",
    "ForeignDatabase",
    "Int256",
    "NotADatabase",
    "Reader",
    "Rewind",
    "SchemaTooNew",
    "SchemaUnsupported",
    "StateHash",
    "Status",
    "Store",
    "StoreError",
    "Table",
    "Uint256",
    "backup",
    "state_hash",
    "table",
    "table_of",
]
