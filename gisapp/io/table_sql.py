"""What columns a table has, by the SQL that made it, of which nothing else is done."""

from __future__ import annotations

import contextlib
import re
import sqlite3

from gisapp.io.project_db import quoted

# All that SQLite does to make a table.
_OF_CREATE_TABLE = (sqlite3.SQLITE_CREATE_TABLE, sqlite3.SQLITE_CREATE_INDEX, sqlite3.SQLITE_INSERT,
                    sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION,
                    sqlite3.SQLITE_TRANSACTION)  # fmt: skip


def columns_of(sql: str) -> list[tuple[str, str]]:
    """Return the columns (name, type) of a table by its SQL, of which nothing else is done."""

    def allowed(action: int, *_what: object) -> int:
        return sqlite3.SQLITE_OK if action in _OF_CREATE_TABLE else sqlite3.SQLITE_DENY

    if not re.match(r"CREATE TABLE\b", sql, re.IGNORECASE):
        return []
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.set_authorizer(allowed)
        try:
            connection.execute(sql)
            connection.set_authorizer(None)
            ((name,),) = connection.execute(
                "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND type = 'table'"
            )
            table = connection.execute(f"PRAGMA table_info({quoted(name)})")
        except (sqlite3.Error, ValueError):
            return []
        return [(str(x[1]), str(x[2]).upper().partition("(")[0]) for x in table]
