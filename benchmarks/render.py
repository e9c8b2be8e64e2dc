"""How long the map takes to draw, against QGIS's parallel renderer in the same run.

    python benchmarks/render.py [S] [M] [L] [XL] [--rounds N] [--pictures DIR] [--folder DIR]

Both draw the same features at 1600 × 1000 with the same categories, colours, sizes and outlines,
antialiased; QGIS gets its styles as the QML that we derive from ours, once from memory layers and
once from a GeoPackage, and the faster of the two counts. The rounds alternate, each figure is a
median, and only ratios of one run mean anything. QGIS draws a layer in the order of its rows,
we by the order of rules; ``--pictures`` saves what each drew.

Measured are the screen's way to a picture (compiled kernels), the way without kernels (QPainter),
what a moment of dragging and of zooming costs, and, in processes of their own
(``render_child.py``), memory, the first frame of a file, and what the kernels cost at first. What
is aimed at stands beside each figure, with whether it was met. Without QGIS ours stands alone.

On two shared cores without a graphics card, against QGIS 3.22: L whole 217 ms (22.9×), L ×3 158 ms
(4.1×), L 0.3 % 19 ms (1.6×), M whole 181 ms (3.4×); a frame of a pan of XL 12 ms, p95 21; coarse
frame of XL 33 ms, of L 138; the wheel's preview 3 ms; L in 1,066 MB; kernels compiled in 8.7 s
once, loaded in 0.5 s.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import datasets
import numpy as np
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from qgis_client import PYTHON, Qgis

from gisapp.core.progress import SILENT
from gisapp.render import picture, warming
from gisapp.render.picture import draw_ground, draw_names
from gisapp.render.viewport import Viewport
from gisapp.ui.map_frames import Shown, Wanted, next_work
from gisapp.ui.map_picture import Picture, blit, draw

if TYPE_CHECKING:
    from collections.abc import Callable

    from gisapp.core.layer import Layer

SCREEN = (1600, 1000)
WHOLE = Viewport.fitting(datasets.EXTENT_M, *SCREEN, margin=0)
DEEP = 0.003**-0.5  # shows 0.3 % of the extent
PAN_FRAMES = 120
PAN_STEP_PX = (17, -9)


@dataclass(frozen=True)
class View:
    """What is drawn of a size, and how many times faster than QGIS that should be."""

    size: str
    name: str
    viewport: Viewport
    reach: float | None


VIEWS = (
    View("S", "S, whole", WHOLE, None),
    View("M", "M, whole", WHOLE, 8),
    View("M", "M, 0.3 %", WHOLE.zoomed(DEEP), 1),
    View("L", "L, whole", WHOLE, 20),
    View("L", "L, zoomed ×3", WHOLE.zoomed(3), 10),
    View("L", "L, 0.3 %", WHOLE.zoomed(DEEP), 1),
)


@dataclass
class Timing:
    """Medians in milliseconds; None where it was not measured."""

    view: View
    kernels: float
    painter: float
    names: float
    memory: float | None = None
    file: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times longer QGIS takes, by its faster way."""
        peers = [x for x in (self.memory, self.file) if x is not None]
        return min(peers) / self.kernels if peers else None

    def line(self) -> str:
        reach = f"{self.view.reach:g}×" if self.view.reach else ""
        met = "" if not reach or self.ratio is None else met_or_not(self.ratio >= self.view.reach)
        ratio = "" if self.ratio is None else f"{self.ratio:.1f}×"
        cells = (self.kernels, self.names, self.painter, self.memory, self.file)
        shown = "".join(f"{'–' if x is None else f'{x:.0f}':>10}" for x in cells)
        return f"{self.view.name:<16}{shown}{ratio:>10}{reach:>8}  {met}"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("sizes", nargs="*", default=["S", "M", "L", "XL"])
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--pictures", type=Path, help="where to save what each drew")
    arguments.add_argument("--folder", type=Path, help="where the project files are kept")
    asked = arguments.parse_args()
    folder = asked.folder or Path(tempfile.gettempdir()) / "gisapp-benchmarks"
    os.environ["GISAPP_HOME"] = str(folder / "home")
    _app = QGuiApplication([])
    warm()
    with_qgis = has_qgis()
    heads = ("kernels", "names", "QPainter", "QGIS mem.", "QGIS file")
    print(f"{'ms':<16}" + "".join(f"{x:>10}" for x in heads) + f"{'ratio':>10}{'reach':>8}")
    for size in [x for x in ("S", "M", "L") if x in asked.sizes]:
        for timing in compare(size, folder, asked.rounds, asked.pictures, with_qgis=with_qgis):
            print(timing.line(), flush=True)
    for size in [x for x in ("L", "XL") if x in asked.sizes]:
        fluidity(size)
    if "L" in asked.sizes:
        children(folder, with_qgis=with_qgis)


def warm() -> None:
    """Compile the kernels, or load them."""
    if not warming.warm():
        print("the kernels cannot be compiled here: the first column is QPainter's, too")


def has_qgis() -> bool:
    try:
        asked = subprocess.run([PYTHON, "-c", "import qgis.core"], capture_output=True, check=False)
    except OSError:
        asked = None
    if asked is None or asked.returncode:
        print("no QGIS on this machine: ours stands alone")
        return False
    return True


def compare(
    size: str, folder: Path, rounds: int, pictures: Path | None, *, with_qgis: bool
) -> list[Timing]:
    """Time every view of a size, ours and QGIS's in turn."""
    path, layers = datasets.project_file(size, folder), datasets.layers(size)
    with ExitStack() as stack:
        peers = {}
        if with_qgis:
            for name in ("memory", "file"):
                made = Qgis(path, layers, memory=name == "memory")
                peers[name] = stack.enter_context(made)
        views = [view for view in VIEWS if view.size == size]
        return [time_view(view, layers, peers, rounds, pictures) for view in views]


def time_view(
    view: View,
    layers: tuple[Layer, ...],
    peers: dict[str, Qgis],
    rounds: int,
    pictures: Path | None,
) -> Timing:
    viewport = view.viewport
    ways: dict[str, Callable[[], float]] = {
        "kernels": partial(seconds, partial(draw_ground, layers, viewport)),
        "names": partial(seconds, partial(draw_names, layers, viewport)),
        "painter": partial(seconds, partial(without_kernels, layers, viewport)),
    }
    for name, peer in peers.items():
        ways[name] = partial(peer.draw, viewport)
    for way in ways.values():
        way()  # what is worked out once is not counted
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _round in range(rounds):
        for name, way in ways.items():
            took[name].append(way())
    if pictures is not None:
        save_pictures(view, layers, peers, pictures)
    return Timing(view, **{name: median(times) * 1000 for name, times in took.items()})


def without_kernels(layers: tuple[Layer, ...], viewport: Viewport) -> QImage:
    ready, picture.ready = picture.ready, lambda: False
    try:
        return draw_ground(layers, viewport)
    finally:
        picture.ready = ready


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def save_pictures(
    view: View, layers: tuple[Layer, ...], peers: dict[str, Qgis], folder: Path
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = view.name.replace(" ", "-").replace(",", "").replace("%", "percent")
    drawn = {
        "kernels": draw_ground(layers, view.viewport),
        "painter": without_kernels(layers, view.viewport),
        "coarse": draw_ground(layers, view.viewport, coarse=True),
    }
    for way, image in drawn.items():
        on_paper(image).save(str(folder / f"{name}-{way}.png"))
    if "memory" in peers:
        peers["memory"].draw(view.viewport, folder / f"{name}-qgis.png")


def on_paper(image: QImage) -> QImage:
    paper = QImage(image.size(), QImage.Format.Format_RGB32)
    paper.fill(0xFFFFFFFF)
    painter = QPainter(paper)
    painter.drawImage(0, 0, image)
    painter.end()
    return paper


def fluidity(size: str) -> None:
    """Time what a moment of dragging and of zooming costs."""
    layers = datasets.layers(size)
    view = WHOLE.zoomed(1.5)
    draw_ground(layers, view)
    coarse = [
        seconds(partial(draw_ground, layers, WHOLE.zoomed(1 + n / 10), coarse=True))
        for n in range(9)
    ]
    tell(f"{size}, coarse frame", median(coarse) * 1000, 50)
    frames = np.array(pan(layers, view)) * 1000
    tell(f"{size}, frame of a pan, p50", float(np.percentile(frames, 50)))
    tell(f"{size}, frame of a pan, p95", float(np.percentile(frames, 95)), 16)
    image = draw_ground(layers, view)
    screen = QImage(*SCREEN, QImage.Format.Format_RGB32)
    zooms = [
        seconds(partial(show, screen, Picture(image, view), view.zoomed(1.5**n)))
        for n in (-3, -2, -1, 1, 2, 3)
    ]
    tell(f"{size}, picture scaled by the wheel", max(zooms) * 1000, 16)


def pan(layers: tuple[Layer, ...], view: Viewport) -> list[float]:
    """Drag the map to and fro; return the seconds of each frame: move, strips, blit."""
    screen = QImage(*SCREEN, QImage.Format.Format_RGB32)
    shown = Shown(ground=Wanted(layers, view))
    ground = Picture(draw_ground(layers, view), view)
    took = []
    for frame in range(PAN_FRAMES):
        sign = 1 if frame // 30 % 2 else -1
        start = perf_counter()
        now = ground.viewport.panned(sign * PAN_STEP_PX[0], sign * PAN_STEP_PX[1])
        work = next_work(Wanted(layers, now), shown, 1.0)
        assert work is not None
        assert work.kind == "strips"
        drawn = draw(work, ground, None, SILENT).ground
        assert drawn is not None
        show(screen, drawn, now)
        took.append(perf_counter() - start)
        ground, shown = drawn, replace(shown, ground=work.wanted)
    return took


def show(screen: QImage, shown: Picture, viewport: Viewport) -> None:
    """Do what the canvas does with the ground."""
    painter = QPainter(screen)
    painter.fillRect(screen.rect(), 0xFFFFFFFF)
    blit(painter, shown, viewport)
    painter.end()


def children(folder: Path, *, with_qgis: bool) -> None:
    """Time and weigh what needs a process of its own."""
    with tempfile.TemporaryDirectory() as fresh:
        kernels = [ask_child("kernels", Path(fresh)) for _run in ("cold", "cached")]
    tell("kernels, compiled at first", kernels[0]["ms"])
    tell("kernels, loaded from disk", kernels[1]["ms"])
    memory = ask_child("memory", folder)
    tell("L held and drawn, peak RSS", memory["peak_mb"], 900, "MB")
    tell("L held and drawn, own memory", memory["own_mb"], unit="MB")
    first = ask_child("first", folder)
    qgis_ms = first_frame_of_qgis(folder) if with_qgis else None
    quarter = None if qgis_ms is None else qgis_ms / 4
    tell("1,000,000 points from file to first frame", first["coarse_ms"], quarter)
    tell("  … to the full frame", first["full_ms"], quarter)
    if qgis_ms is not None:
        tell("  … QGIS", qgis_ms)


def first_frame_of_qgis(folder: Path) -> float:
    path = datasets.project_file("L points", folder)
    with Qgis(path, datasets.layers("L points"), memory=False) as peer:
        return (peer.load_s + peer.draw(WHOLE)) * 1000


def ask_child(task: str, folder: Path) -> dict[str, float]:
    child = Path(__file__).with_name("render_child.py")
    command = [sys.executable, str(child), task, str(folder)]
    # Where this process keeps its kernels is not for a child that is to have none.
    surroundings = {k: v for k, v in os.environ.items() if k != "NUMBA_CACHE_DIR"}
    answer: dict[str, float] = json.loads(subprocess.check_output(command, env=surroundings))
    return answer


def tell(name: str, figure: float, at_most: float | None = None, unit: str = "ms") -> None:
    aimed = "" if at_most is None else f"   ≤ {at_most:.0f}  {met_or_not(figure <= at_most)}"
    print(f"{name:<46}{figure:>8.1f} {unit}{aimed}", flush=True)


def met_or_not(met: bool) -> str:
    return "met" if met else "NOT MET"


if __name__ == "__main__":
    main()
