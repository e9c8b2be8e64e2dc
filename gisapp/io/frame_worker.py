"""The process that writes a large frame into a GeoPackage.

GDAL builds the spatial index of a layer when it is done with it, and pyogrio holds the
interpreter meanwhile: of a million points for seconds, in which no window would live.

Standard input is one line of JSON, the arguments of `written`, and then the frame as an Arrow
stream. What GDAL refuses ends the process with `REFUSED`, its reason on standard error.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pyarrow as pa

REFUSED: Final = 3
_OPTIONS: Final = {
    # With GDAL's own 2 MB the spatial index of a large layer is written and read again and again;
    # with this it takes three quarters of the time. Only what is used is taken from the system.
    "OGR_SQLITE_CACHE": "128",
    # The file is a draft, which is brought to the disk as a whole before it takes its place.
    "OGR_SQLITE_SYNCHRONOUS": "OFF",
}


def written(reader: pa.RecordBatchReader, path: str, table: str, **options: Any) -> None:
    """Add rows to the GeoPackage `path` as `table`; raises what pyogrio raises."""
    from pyogrio import set_gdal_config_options
    from pyogrio.raw import write_arrow

    set_gdal_config_options(_OPTIONS)
    write_arrow(reader, path, layer=table, driver="GPKG", **options)


def main() -> int:
    """Serve the one request and return the exit code."""
    import pyarrow as pa
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

    request = json.loads(sys.stdin.buffer.readline())
    try:
        written(pa.ipc.open_stream(sys.stdin.buffer), **request)
    except (OSError, pa.ArrowException, DataSourceError, DataLayerError, FeatureError) as error:
        sys.stderr.write(str(error))
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
