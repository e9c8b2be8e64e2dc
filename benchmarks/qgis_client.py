"""Asks a QGIS process to draw: see ``qgis_peer.py``."""

from __future__ import annotations

import json
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gisapp.io.qml import to_qml
from gisapp.render.sizes import sized

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType
    from typing import Self

    from gisapp.core.layer import Layer
    from gisapp.render.viewport import Viewport

PYTHON = "/usr/bin/python3"
MM_PER_INCH = 25.4


class Qgis:
    """A QGIS process of its own that holds the layers of one file.

    Parameters
    ----------
    memory : bool
        Whether it copies them into memory layers.
    """

    def __init__(self, path: Path, layers: Sequence[Layer], *, memory: bool) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="gisapp-qml-")
        self._layers = tuple(layers)
        self._process = subprocess.Popen(
            [PYTHON, str(Path(__file__).with_name("qgis_peer.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.version = self._answer()["version"]
        self._styled: Viewport | None = None
        qml = self._styles(None)
        self.load_s: float = self._ask("load", path=str(path), layers=qml, memory=memory)

    def draw(self, viewport: Viewport, save: Path | None = None) -> float:
        """Draw what the viewport shows, with symbols as large as ours; return seconds."""
        qml = [] if viewport == self._styled else self._styles(viewport)
        self._styled = viewport
        return self._ask(
            "draw",
            bounds=viewport.bounds,
            width=viewport.width_px,
            height=viewport.height_px,
            dpi=viewport.px_per_mm * MM_PER_INCH,
            save=str(save or ""),
            qml=qml,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(timeout=60)
        self._folder.cleanup()

    def _styles(self, viewport: Viewport | None) -> list[tuple[str, str]]:
        return [(layer.name, str(self._style(layer, viewport))) for layer in self._layers]

    def _style(self, layer: Layer, viewport: Viewport | None) -> Path:
        nature = "point" if layer.kind == "businesses" else "area"
        style = layer.style
        if viewport is not None and nature == "point":
            rules = (replace(rule, symbol=sized(rule.symbol, viewport)) for rule in style.rules)
            style = replace(style, rules=tuple(rules))
        path = Path(self._folder.name) / f"{layer.name}.qml"
        path.write_text(to_qml(style, nature, {}), encoding="utf-8")
        return path

    def _ask(self, command: str, **arguments: Any) -> float:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": command, **arguments}) + "\n")
        self._process.stdin.flush()
        return float(self._answer()["seconds"])

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("QGIS ended without an answer")
        answer: dict[str, Any] = json.loads(line)
        return answer
