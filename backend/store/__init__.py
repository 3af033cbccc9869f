"""The database, in one place."""

from backend.store.digest import StateHash, state_hash
from backend.store.errors import CursorMoved, ForeignDatabase, SchemaTooNew, SchemaUnsupported, StoreError
from backend.store.store import Cursor, Reader, Rewind, Status, Store
from backend.store.table import Int256, Table, Uint256, table, table_of

__all__ = [
    "Cursor",
    "CursorMoved",
    "ForeignDatabase",
    "Int256",
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
    "state_hash",
    "table",
    "table_of",
]
