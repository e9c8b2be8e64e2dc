"""A file of features that grows page by page, and can be taken up where it broke off."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.io.services.http import MOST_FILE_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

GEOJSON_HEAD: dict[str, Any] = {"type": "FeatureCollection"}


class Collection:
    """Collects the features of one layer in a folder.

    Parameters
    ----------
    folder : Path
        Where the file and a note of its state lie; an earlier state is taken up.
    stamp : str
        What the layer was when its first page was asked for; another one begins anew.
    """

    def __init__(self, folder: Path, stamp: str = "") -> None:
        self._path, self._note = folder / "features.part", folder / "state.json"
        self._stamp = stamp
        self.done, self._bytes, self._last = 0, 0, ""
        self._take_up()

    def add(self, features: Sequence[Any]) -> None:
        """Append a page of features.

        Raises
        ------
        GisappError
            Where it is the page before once more, or the file grows beyond the limit.
        """
        lines = [json.dumps(x, ensure_ascii=False, separators=(",", ":")) for x in features]
        content = "".join(f",\n{line}" for line in lines).encode("utf-8", "replace")
        print_of_page = hashlib.sha256(content).hexdigest()
        if print_of_page == self._last:
            raise repeating()
        refuse_beyond(self._bytes + len(content))
        with self._path.open("ab") as file:
            file.write(content)
        self.done, self._bytes = self.done + len(lines), self._bytes + len(content)
        self._last = print_of_page
        self._keep()

    def finish(self, path: Path, head: dict[str, Any]) -> Path:
        """Write the features into one JSON document with the members of `head`."""
        with path.open("wb") as file, self._path.open("rb") as part:
            opening = json.dumps(head, ensure_ascii=False)[:-1]
            file.write(f'{opening},"features":['.encode())
            part.seek(1)  # the comma before the first
            while chunk := part.read(1 << 20):
                file.write(chunk)
            file.write(b"\n]}\n")
        self.clear()
        return path

    def clear(self) -> None:
        """Forget what was collected."""
        self._path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def _take_up(self) -> None:
        state = self._state()
        if state.get("stamp") != self._stamp or not self._is_there(state.get("bytes")):
            self.clear()
            self._path.touch(mode=0o600)
            return
        self.done, self._bytes, self._last = state["done"], state["bytes"], state["last"]
        with self._path.open("r+b") as file:
            file.truncate(self._bytes)  # a page that was not noted any more

    def _state(self) -> dict[str, Any]:
        try:
            state = json.loads(self._note.read_bytes())
        except (OSError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}

    def _is_there(self, size: Any) -> bool:
        return isinstance(size, int) and self._path.is_file() and self._path.stat().st_size >= size

    def _keep(self) -> None:
        fresh = self._note.with_suffix(".new")
        state = {"stamp": self._stamp, "done": self.done, "bytes": self._bytes, "last": self._last}
        fresh.write_text(json.dumps(state), "utf-8")
        fresh.replace(self._note)


def features_of(answer: Any) -> list[dict[str, Any]] | None:
    """Return the features of a page; None where it is no page of features."""
    features = answer.get("features") if isinstance(answer, dict) else None
    if not isinstance(features, list) or not all(isinstance(x, dict) for x in features):
        return None
    return features


def refuse_beyond(size: int) -> None:
    """Refuse a file of `size` bytes where that is more than a layer may have."""
    if size > MOST_FILE_BYTES:
        raise GisappError(
            _("The service sends more than {n} MB.").format(n=MOST_FILE_BYTES >> 20),
            _("Ask for a smaller area, or download the data as a file in parts."),
        )


def repeating() -> GisappError:
    """Say that a service does not come to an end."""
    return GisappError(
        _("The service gives the same features again and again."),
        _("Tell whoever runs it, or download the data as a file."),
    )
