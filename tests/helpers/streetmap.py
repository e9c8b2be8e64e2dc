"""OpenStreetMap extracts by hand, as XML and as PBF (protocol buffers, written out)."""

import struct
import zlib
from pathlib import Path

NODES = {1: (-6.33, 106.87), 2: (-6.34, 106.88), 3: (-6.35, 106.87)}
NODE_TAGS = {1: {"name": "Pasar Ciracas", "amenity": "marketplace"}}
WAYS = {
    7: ([1, 2], {"highway": "residential", "name": "Jl. Raya Bogor"}),
    8: ([1, 2, 3, 1], {"landuse": "retail"}),
    9: ([2, 3], {"waterway": "drain"}),
}


def xml(path: Path) -> Path:
    def tags(of: dict[str, str]) -> str:
        return "".join(f'<tag k="{k}" v="{v}"/>' for k, v in of.items())

    nodes = "".join(
        f'<node id="{n}" lat="{lat}" lon="{lon}">{tags(NODE_TAGS.get(n, {}))}</node>'
        for n, (lat, lon) in NODES.items()
    )
    ways = "".join(
        f'<way id="{n}">{"".join(f"<nd ref={chr(34)}{r}{chr(34)}/>" for r in refs)}{tags(t)}</way>'
        for n, (refs, t) in WAYS.items()
    )
    path.write_text(f'<?xml version="1.0"?>\n<osm version="0.6">{nodes}{ways}</osm>', "utf-8")
    return path


def pbf(path: Path) -> Path:
    texts = [b"", *sorted({x.encode() for tags in _all_tags() for pair in tags.items()
                           for x in pair})]  # fmt: skip
    place = {x.decode(): n for n, x in enumerate(texts)}
    strings = b"".join(_bytes(1, x) for x in texts)
    nodes = b"".join(_bytes(1, _node(n, *at, place)) for n, at in NODES.items())
    ways = b"".join(_bytes(3, _way(n, *way, place)) for n, way in WAYS.items())
    block = _bytes(1, strings) + _bytes(2, nodes) + _bytes(2, ways)
    header = _bytes(4, b"OsmSchema-V0.6")
    path.write_bytes(_blob(b"OSMHeader", header) + _blob(b"OSMData", block))
    return path


def _all_tags() -> list[dict[str, str]]:
    return [*NODE_TAGS.values(), *(tags for _refs, tags in WAYS.values())]


def _node(number: int, lat: float, lon: float, place: dict[str, int]) -> bytes:
    at = _number(8, _zigzag(round(lat * 1e7))) + _number(9, _zigzag(round(lon * 1e7)))
    return _number(1, _zigzag(number)) + _tags(NODE_TAGS.get(number, {}), place) + at


def _way(number: int, refs: list[int], tags: dict[str, str], place: dict[str, int]) -> bytes:
    steps = [b - a for a, b in zip([0, *refs], refs, strict=False)]
    way = b"".join(_varint(_zigzag(step)) for step in steps)
    return _number(1, number) + _tags(tags, place) + _bytes(8, way)


def _tags(tags: dict[str, str], place: dict[str, int]) -> bytes:
    keys = b"".join(_varint(place[k]) for k in tags)
    values = b"".join(_varint(place[v]) for v in tags.values())
    return _bytes(2, keys) + _bytes(3, values) if tags else b""


def _blob(kind: bytes, content: bytes) -> bytes:
    blob = _number(2, len(content)) + _bytes(3, zlib.compress(content))
    header = _bytes(1, kind) + _number(3, len(blob))
    return struct.pack(">I", len(header)) + header + blob


def _zigzag(number: int) -> int:
    return 2 * number if number >= 0 else -2 * number - 1


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def _number(field: int, number: int) -> bytes:
    return _varint(field << 3) + _varint(number)


def _bytes(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content
