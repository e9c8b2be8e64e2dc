"""Runs `check` over a collection of files with known expectations and counts what differs.

    python benchmarks/corpus.py [COLLECTION] [--only WORD]

The collection's ``manifest.csv`` says what must happen to each file: ``open`` (with
``feature_count``), ``reject``, ``warn`` (open with a warning, or refuse) or ``any-clean``. Traps
are laid for files that read others or call servers: a secret lies where they look for it, and
something listens on the ports that they aim at. Ends with status 1 where anything fell in.
"""

import argparse
import csv
import re
import socket
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from gisapp.io.checking import CheckReport, check_source
from gisapp.io.child import SILENCE_LIMIT_S

SECRET = Path("/tmp/secret.csv")
CANARY = "TOPSECRET-MARKER"
BROUGHT_IN = ("/tmp/PWNED*", "/tmp/evil/PWNED*")
# Files of the collection whose expectation is not followed, and why not.
NOT_FOLLOWED = {
    "geojsonhint/bad/excessive_precision_truncated.geojson": (
        "valid GeoJSON; the linter that the expectation is of says nothing of it either"
    ),
    "libkml/kmz/bad-pk-data.kmz": (
        "a whole Zip64 archive whose checksums are right; only GDAL does not recognise it"
    ),
    "libkml/style/weather/styles_new.kmz": (
        "the same text is to be refused as .kml: its root is no kml, and it holds no placemark"
    ),
}
PORTS = re.compile(rb"127\.0\.0\.1:(\d+)")
DEFAULT = Path(__file__).parents[1] / "../shared/corpus"


@dataclass
class Outcome:
    """What became of one file."""

    file: str
    expectation: str
    result: str
    as_expected: bool
    detail: str
    seconds: float
    fault: str = ""


class Listener:
    """Accepts connections on one port and remembers that it did."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.calls = 0
        self._socket = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self._socket.accept()
            except OSError:
                return
            self.calls += 1
            connection.close()

    def __enter__(self) -> "Listener":
        return self

    def __exit__(self, *_error: object) -> None:
        self._socket.close()


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("collection", nargs="?", type=Path, default=DEFAULT)
    arguments.add_argument("--only", default="", help="files whose name holds this")
    asked = arguments.parse_args()
    with (asked.collection / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if asked.only in row["file"]]
    started = time.perf_counter()
    with ExitStack() as traps:
        listeners = lay_traps(asked.collection, rows, traps)
        outcomes = [run(asked.collection, row, listeners) for row in rows]
    report(outcomes, time.perf_counter() - started)
    return int(any(outcome.fault for outcome in outcomes))


def lay_traps(collection: Path, rows: list[dict[str, str]], traps: ExitStack) -> list[Listener]:
    """Plant the secret and listen on every port that a file of the collection names."""
    if not SECRET.exists():
        SECRET.write_text(f"name,latitude,longitude\n{CANARY},-6.3,106.8\n", encoding="utf-8")
        traps.callback(SECRET.unlink)
    ports: set[int] = set()
    for row in rows:
        path = collection / row["file"]
        if path.stat().st_size < 1_000_000:
            ports.update(int(port) for port in PORTS.findall(path.read_bytes()))
    listeners = []
    for port in sorted(ports):
        try:
            listeners.append(traps.enter_context(Listener(port)))
        except OSError as error:
            print(f"cannot listen on port {port}: {error}", file=sys.stderr)
    return listeners


def run(collection: Path, row: dict[str, str], listeners: list[Listener]) -> Outcome:
    """Check one file and hold the answer against the manifest."""
    before = sum(listener.calls for listener in listeners)
    started = time.perf_counter()
    fault, answer = "", CheckReport(ok=False)
    try:
        answer = check_source(collection / row["file"])
    except Exception as error:
        fault = f"traceback: {type(error).__name__}: {str(error)[-300:]}"
    seconds = time.perf_counter() - started
    if seconds > SILENCE_LIMIT_S:
        fault = "hang"
    if sum(listener.calls for listener in listeners) > before:
        fault = "call to a server"
    if CANARY in str(asdict(answer)):
        fault = "leak of another file"
    if any(list(Path("/").glob(pattern[1:])) for pattern in BROUGHT_IN):
        fault = "write outside"
    result = "refused" if not answer.ok else "warned" if answer.warnings else "opened"
    as_expected = not fault and meets(row, answer)
    detail = fault or "; ".join((*answer.errors, *answer.warnings))
    return Outcome(
        row["file"],
        expected(row),
        f"{result} {answer.features}",
        as_expected,
        detail,
        seconds,
        fault,
    )


def expected(row: dict[str, str]) -> str:
    return f"{row['expectation']} {row['feature_count']}".strip()


def meets(row: dict[str, str], answer: CheckReport) -> bool:
    """Say whether an answer is what the manifest asks for."""
    match row["expectation"]:
        case "reject":
            return not answer.ok and bool(answer.errors) and bool(answer.remedy)
        case "open":
            return answer.ok and counts(row["feature_count"], answer)
        case "warn":
            return not answer.ok or (bool(answer.warnings) and counts(row["feature_count"], answer))
        case _:
            return answer.ok or bool(answer.errors)


def counts(stated: str, answer: CheckReport) -> bool:
    """Compare the feature count: of all layers, or of the one that the manifest means."""
    if not stated:
        return True
    return int(stated) in (answer.features, *(layer.features for layer in answer.layers))


def report(outcomes: list[Outcome], seconds: float) -> None:
    """Print what differs, then the table and the rate."""
    for outcome in outcomes:
        if not outcome.as_expected:
            why = NOT_FOLLOWED.get(outcome.file, f"UNEXPLAINED: {outcome.detail[:240]}")
            print(f"{outcome.file}: expected {outcome.expectation}, {outcome.result} ({why})")
    table = Counter((o.expectation.split()[0], o.result.split()[0]) for o in outcomes)
    print(f"\n{'expected':<12}{'opened':>8}{'warned':>8}{'refused':>9}")
    for expectation in ("open", "warn", "reject", "any-clean"):
        cells = [table[expectation, result] for result in ("opened", "warned", "refused")]
        print(f"{expectation:<12}{cells[0]:>8}{cells[1]:>8}{cells[2]:>9}")
    good = sum(outcome.as_expected for outcome in outcomes)
    crashes = sum("makes the reader fail" in outcome.detail for outcome in outcomes)
    faults = Counter(outcome.fault.split(":")[0] for outcome in outcomes if outcome.fault)
    slowest = max(outcomes, key=lambda outcome: outcome.seconds)
    print(f"\nas expected: {good} of {len(outcomes)} ({good / len(outcomes):.1%})")
    print(f"faults: {dict(faults) or 'none'}; crashes survived: {crashes}")
    print(f"{seconds:.1f} s; slowest {slowest.file} {slowest.seconds:.1f} s")


if __name__ == "__main__":
    sys.exit(main())
