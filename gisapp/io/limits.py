"""What reading a foreign file may cost; `docs/security.md` states each of these numbers."""

MEMORY_LIMIT_BYTES = 2 << 30
"""Addresses of the reading process."""
FILE_LIMIT_BYTES = 4 << 30
"""Any one file that it writes."""
SILENCE_LIMIT_S = 30.0
"""Without a sign of progress."""
READING_LIMIT_S = 1800.0
"""One file, however busily it ticks."""
MOST_LAYERS = 1000
"""Layers, sheets or folders of one file that are read through GDAL."""
MOST_ROWS = 20_000_000
"""Rows of one layer or table."""
MOST_NESTED = 100
"""Geometry collections in one another."""
