"""How tables travel from the reading child to the program: Arrow files and a description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from pathlib import Path

    from gisapp.io.readers.contents import Reading, ReadTable
    from gisapp.io.source import RawTable


def store(reading: Reading, directory: Path) -> dict[str, Any]:
    """Write the tables of `reading` into `directory` and describe them (child side)."""
    return {
        "driver": reading.driver,
        "warnings": reading.warnings,
        "tables": [
            _store_table(table, directory / f"{number}.arrow")
            for number, table in enumerate(reading.tables)
        ],
    }


def _store_table(table: ReadTable, path: Path) -> dict[str, Any]:
    # Columns are told apart by position, because their names are foreign text.
    columns = table.columns
    if table.wkb is not None:
        columns = columns.append_column("wkb", table.wkb)
    if table.row_numbers is not None:
        columns = columns.append_column("row", pa.array(table.row_numbers))
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, columns.schema) as writer:
        writer.write_table(columns)
    return {
        "file": path.name,
        "name": table.name,
        "attributes": table.columns.num_columns,
        "geometry": table.wkb is not None,
        "numbered": table.row_numbers is not None,
        "geometry_type": table.geometry_type,
        "crs": table.crs,
        "unreadable": {str(row): reason for row, reason in table.unreadable.items()},
        "facts": table.facts,
    }


def load(described: dict[str, Any], directory: Path) -> tuple[RawTable, ...]:
    """Read the tables that `store` wrote (program side)."""
    return tuple(_load_table(table, directory) for table in described["tables"])


def _load_table(described: dict[str, Any], directory: Path) -> RawTable:
    from gisapp.io.source import RawTable

    with pa.OSFile(str(directory / described["file"]), "rb") as file:
        table = pa.ipc.open_file(file).read_all()
    n = described["attributes"]
    geometry = table.column(n).to_numpy() if described["geometry"] else None
    return RawTable(
        name=described["name"],
        columns=_as_frame(table.select(range(n)), table.num_rows),
        geometry=geometry,
        geometry_type=described["geometry_type"],
        crs=described["crs"],
        unreadable={int(row): reason for row, reason in described["unreadable"].items()},
        row_numbers=table.column(table.num_columns - 1).to_numpy()
        if described["numbered"]
        else None,
        facts=described["facts"],
    )


def _as_frame(table: Any, rows: int) -> Any:
    import pandas as pd

    if not table.num_columns:
        return pd.DataFrame(index=pd.RangeIndex(rows))
    dtypes = {pa.int64(): pd.Int64Dtype(), pa.string(): pd.StringDtype(na_value=float("nan"))}
    return table.to_pandas(types_mapper=dtypes.get, ignore_metadata=True)
