"""Rows to a table of a GeoPackage: a few here, many in a process of their own."""

from __future__ import annotations

import contextlib
import json
import subprocess
from typing import IO, TYPE_CHECKING, Any, Final

import pyarrow as pa

from gisapp.io.child import environment, own_command
from gisapp.io.frame_worker import REFUSED, written

if TYPE_CHECKING:
    from pathlib import Path

# As `WORKER_FLAG` of `child`.
FRAME_FLAG: Final = "--write-a-frame"
# Below, GDAL is done sooner than a process has started.
ALONE_ROWS = 50_000
_BATCH_ROWS = 2_000


def write_rows(path: Path, table: str, rows: pa.Table, **options: Any) -> None:
    """Add `rows` to the GeoPackage `path` as `table`.

    Parameters
    ----------
    path : Path
        Plainly named; made where it is missing.
    **options
        As `pyogrio.raw.write_arrow` takes them: text, and ``layer_options``, a dict of text.

    Raises
    ------
    OSError, pyogrio.errors.DataSourceError, DataLayerError, FeatureError
        Where GDAL cannot write.
    """
    # pyogrio keeps the interpreter to itself while it writes; a generator lets others have it
    # between two batches, so that the window lives while a worker saves.
    batches = (batch for batch in rows.to_batches(max_chunksize=_BATCH_ROWS))
    reader = pa.RecordBatchReader.from_batches(rows.schema, batches)
    if rows.num_rows < ALONE_ROWS:
        written(reader, str(path), table, **options)
    else:
        _write_alone(reader, {"path": str(path), "table": table, **options})


def _write_alone(reader: pa.RecordBatchReader, request: dict[str, Any]) -> None:
    process = subprocess.Popen(
        own_command("gisapp.io.frame_worker", FRAME_FLAG),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    with process:
        assert process.stdin is not None
        assert process.stderr is not None
        try:
            _send(process.stdin, request, reader)
        except BaseException:
            process.kill()
            raise
        said = process.stderr.read().decode("utf-8", "replace").strip()
    if process.returncode == REFUSED:
        raise OSError(said)
    if process.returncode:
        raise RuntimeError(f"the process that writes frames ended with {process.returncode}")


def _send(pipe: IO[bytes], request: dict[str, Any], reader: pa.RecordBatchReader) -> None:
    with contextlib.suppress(BrokenPipeError):  # it has refused, and says why
        pipe.write(json.dumps(request).encode() + b"\n")
        with pa.ipc.new_stream(pipe, reader.schema) as stream:
            for batch in reader:
                stream.write_batch(batch)
    with contextlib.suppress(BrokenPipeError):
        pipe.close()
