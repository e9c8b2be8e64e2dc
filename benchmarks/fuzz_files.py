"""Spoils files of a collection and asks what becomes of them: an answer, always.

    python benchmarks/fuzz_files.py [COLLECTION] [--rounds N] [--seed N] [--only WORD] [--keep DIR]

Every round takes a file that opens, spoils a copy of it (cut, flipped bits, a lying length, a
false ending, an archive in an archive …) and has it checked and imported. Files are drawn format
by format, so that rare formats are met as often as frequent ones. Faults: a traceback, a hang, a
call, a leak, rows missing without a word. A round is repeated by its seed. Ends with status 1
where there was a fault.
"""

import argparse
import csv
import random
import shutil
import struct
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus import CANARY, DEFAULT, Listener, lay_traps

from gisapp.core.errors import GisappError
from gisapp.core.project import Project
from gisapp.io.checking import CheckReport, check_source
from gisapp.io.importer import import_layer
from gisapp.io.limits import SILENCE_LIMIT_S
from gisapp.io.reading import read_source

LARGEST_BYTES = 1 << 21
CHANCES = random.Random
Mutation = Callable[[Path, CHANCES], Path]
ENDINGS = (".csv", ".geojson", ".gpkg", ".kml", ".kmz", ".xlsx", ".shp", ".fgb", ".gml", ".zip",
           ".parquet", ".dxf", ".pbf", ".sql", ".json", ".txt", ".gpx", ".ods")  # fmt: skip
LENGTHS = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


@dataclass(frozen=True)
class Original:
    """A file that opens, and how many features it has."""

    path: Path
    features: int


@dataclass(frozen=True)
class Round:
    """What became of one spoilt file."""

    mutation: str
    name: str
    result: str
    fault: str
    seconds: float


def cut(path: Path, chances: CHANCES) -> Path:
    content = path.read_bytes()
    return _written(path, content[: chances.randrange(len(content))])


def cut_last_bytes(path: Path, chances: CHANCES) -> Path:
    content = path.read_bytes()
    return _written(path, content[: -chances.randint(1, min(64, len(content)))])


def flip_bits(path: Path, chances: CHANCES) -> Path:
    content = bytearray(path.read_bytes())
    for _flip in range(chances.choice((1, 1, 3, 20))):
        content[chances.randrange(len(content))] ^= 1 << chances.randrange(8)
    return _written(path, content)


def flip_head(path: Path, chances: CHANCES) -> Path:
    content = bytearray(path.read_bytes())
    content[chances.randrange(min(len(content), 256))] = chances.randrange(256)
    return _written(path, content)


def lie_about_a_length(path: Path, chances: CHANCES) -> Path:
    content = bytearray(path.read_bytes())
    form = chances.choice(("<I", ">I", "<H", ">H", "<Q"))
    size = struct.calcsize(form)
    if len(content) <= size:
        return path
    reach = chances.choice((256, len(content)))
    place = chances.randrange(min(reach, len(content) - size))
    value = chances.choice(LENGTHS) & ((1 << 8 * size) - 1)
    content[place : place + size] = struct.pack(form, value)
    return _written(path, content)


def blank_a_stretch(path: Path, chances: CHANCES) -> Path:
    content = bytearray(path.read_bytes())
    start = chances.randrange(len(content))
    length = chances.choice((16, 512, 4096))
    filling = chances.choice((b"\0", b" ", b"\xff"))
    content[start : start + length] = filling * len(content[start : start + length])
    return _written(path, content)


def repeat_a_stretch(path: Path, chances: CHANCES) -> Path:
    content = path.read_bytes()
    start = chances.randrange(len(content))
    stretch = content[start : start + chances.choice((16, 512, 4096))]
    return _written(path, content[:start] + stretch * chances.choice((2, 50)) + content[start:])


def append_rubbish(path: Path, chances: CHANCES) -> Path:
    return _written(path, path.read_bytes() + chances.randbytes(chances.choice((1, 100, 5000))))


def false_ending(path: Path, chances: CHANCES) -> Path:
    return path.rename(path.with_suffix(chances.choice(ENDINGS)))


def lose_a_part(path: Path, chances: CHANCES) -> Path:
    others = sorted(other for other in path.parent.iterdir() if other != path)
    if others:
        spoilt = chances.choice(others)
        chances.choice((spoilt.unlink, lambda: flip_bits(spoilt, chances) if size(spoilt) else 0))()
    return path


def size(path: Path) -> int:
    return path.stat().st_size


def archive(path: Path, chances: CHANCES) -> Path:
    """Zip it with its parts, in a folder, or in an archive in an archive."""
    whole = path.parent / "whole.zip"
    folder = chances.choice(("", "data/", "a/b/c/", "Peta Ciracas/"))
    method = chances.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2))
    with zipfile.ZipFile(whole, "w", method) as file:
        for part in sorted(path.parent.iterdir()):
            if part != whole:
                file.write(part, folder + part.name)
    if chances.random() < 0.3:
        return _nested(whole)
    return whole


def _nested(path: Path) -> Path:
    outer = path.with_name("outer.zip")
    with zipfile.ZipFile(outer, "w") as file:
        file.write(path, path.name)
    path.unlink()
    return outer


def _written(path: Path, content: bytes | bytearray) -> Path:
    path.write_bytes(content)
    return path


# What a mutation may cost: nothing, whatever became unreadable (with a word), or anything, where
# what is left may be a whole shorter file of another sense.
WHOLE: tuple[Mutation, ...] = (archive, false_ending)
SHORTER: tuple[Mutation, ...] = (cut, cut_last_bytes, lose_a_part)
DAMAGED: tuple[Mutation, ...] = (
    flip_bits,
    flip_head,
    lie_about_a_length,
    blank_a_stretch,
    repeat_a_stretch,
    append_rubbish,
)
MUTATIONS = (*WHOLE, *SHORTER, *DAMAGED)
# Lines end where they like: a cut table or list of lines is a whole shorter one.
OPEN_ENDED = frozenset({".csv", ".tsv", ".txt", ".ndjson", ".geojsonl", ".geojsons"})


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("collection", nargs="?", type=Path, default=DEFAULT)
    arguments.add_argument("--rounds", type=int, default=300)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--only", default="", help="files whose name holds this")
    arguments.add_argument("--keep", type=Path, help="where spoilt files with faults are kept")
    asked = arguments.parse_args()
    with (asked.collection / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if asked.only in row["file"]]
    with ExitStack() as traps:
        listeners = lay_traps(asked.collection, rows, traps)
        families = originals(asked.collection, rows)
        rounds = list(played(families, asked.rounds, asked.seed, listeners, asked.keep))
    report(rounds)
    return int(any(one.fault for one in rounds))


def originals(collection: Path, rows: list[dict[str, str]]) -> dict[str, list[Original]]:
    """Check the files that should open; give them by ending."""
    families: dict[str, list[Original]] = {}
    for row in rows:
        path = collection / row["file"]
        if row["expectation"] == "open" and 0 < size(path) < LARGEST_BYTES:
            answer = check_source(path)
            if answer.ok and answer.features:
                family = families.setdefault(path.suffix.lower(), [])
                family.append(Original(path, answer.features))
    return families


def played(
    families: dict[str, list[Original]],
    rounds: int,
    seed: int,
    listeners: list[Listener],
    keep: Path | None,
) -> Iterator[Round]:
    for number in range(seed, seed + rounds):
        chances = random.Random(number)
        original = chances.choice(families[chances.choice(sorted(families))])
        mutation = chances.choice(MUTATIONS)
        with tempfile.TemporaryDirectory(prefix="gisapp-fuzz-") as folder:
            path = mutation(copied(original.path, Path(folder)), chances)
            one = play(path, original, mutation, listeners)
            if one.fault:
                print(f"seed {number}: {one}", flush=True)
                if keep is not None:
                    shutil.copytree(folder, keep / str(number), dirs_exist_ok=True)
        yield one


def copied(path: Path, folder: Path) -> Path:
    """Copy a file with the parts that belong to it."""
    parts = [path]
    if path.suffix.lower() == ".shp":
        parts = [other for other in path.parent.iterdir() if other.stem == path.stem]
    for part in parts:
        shutil.copyfile(part, folder / part.name)
    return folder / path.name


def play(path: Path, original: Original, mutation: Mutation, listeners: list[Listener]) -> Round:
    """Check and import one spoilt file."""
    calls = sum(listener.calls for listener in listeners)
    started = time.perf_counter()
    answer, fault = CheckReport(ok=False), ""
    try:
        answer = check_source(path)
        fault = fault_of(answer, original, mutation) or imported(path)
    except Exception:
        fault = f"traceback: {traceback.format_exc(limit=-3)}"
    seconds = time.perf_counter() - started
    if seconds > SILENCE_LIMIT_S:
        fault = "hang"
    if sum(listener.calls for listener in listeners) > calls:
        fault = "call to a server"
    if CANARY in str(asdict(answer)):
        fault = "leak of another file"
    result = "refused" if not answer.ok else "warned" if answer.warnings else "opened"
    if any("makes the reader fail" in error for error in answer.errors):
        result = "crash survived"
    return Round(mutation.__name__, str(original.path.name), result, fault, seconds)


def fault_of(answer: CheckReport, original: Original, mutation: Mutation) -> str:
    """Say what is dishonest about an answer."""
    if not answer.ok:
        return "" if answer.errors and answer.remedy else "refused without a reason or a remedy"
    if answer.warnings or answer.features >= original.features:
        return ""
    if mutation in DAMAGED or original.path.suffix.lower() in OPEN_ENDED:
        return ""
    return f"silent loss: {answer.features} of {original.features} features"


def imported(path: Path) -> str:
    """Bring each table in; say what went wrong, or where rows vanished."""
    try:
        source = read_source(path)
    except GisappError:
        return ""
    for table in source.tables:
        try:
            layer = import_layer(Project(), source, "other", sheet=table.name)
        except GisappError:
            continue
        told = layer.report
        if told.rows_read != told.accepted + told.repaired + told.quarantined:
            return f"rows of {table.name!r} do not add up: {told}"
    return ""


def report(rounds: list[Round]) -> None:
    """Print the table of mutations and outcomes."""
    outcomes = ("opened", "warned", "refused", "crash survived")
    table = Counter((one.mutation, one.result) for one in rounds)
    print(f"\n{'':<20}" + "".join(f"{outcome:>15}" for outcome in outcomes))
    for mutation in MUTATIONS:
        cells = (table[mutation.__name__, outcome] for outcome in outcomes)
        print(f"{mutation.__name__:<20}" + "".join(f"{cell:>15}" for cell in cells))
    slowest = max(rounds, key=lambda one: one.seconds)
    print(f"\nrounds: {len(rounds)}; faults: {sum(bool(one.fault) for one in rounds)}")
    print(f"slowest: {slowest.name} {slowest.seconds:.1f} s")


if __name__ == "__main__":
    sys.exit(main())
