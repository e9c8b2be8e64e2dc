"""Bands of an image painted at the same time by the compiled kernels, each band by one thread.

A band is painted in two passes: the marks, topmost first, on a layer of their own; then the areas
below them, of which those that lie under opaque marks are left out.
"""

from __future__ import annotations

import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from gisapp.render.kernel_jobs import SQUARE_PX, Marks, Outlines, marks_job, outline_jobs
from gisapp.render.warming import kernels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gisapp.core.progress import Progress
    from gisapp.render.batches import OutlineBatch, PointBatch
    from gisapp.render.viewport import Viewport

_MOST_THREADS = 4
# More bands than threads, so that none waits long for the one with the most to do.
_BANDS_A_THREAD = 2
# A smaller image is one band: sharing it out would cost more than it saves.
_LEAST_PX = 25_000
_POLL_S = 0.01

_own = threading.local()


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_thread_count(), thread_name_prefix="kernels")


def _thread_count() -> int:
    return min(os.cpu_count() or 1, _MOST_THREADS)


class _Stopped(Exception):  # noqa: N818
    """The frame is no longer wanted."""


class Bands:
    """What is to be painted next into `pixels` (height, width), uint32 premultiplied ARGB.

    Areas and lines that are smaller than `least_px` become blocks.
    """

    def __init__(
        self, pixels: NDArray[np.uint32], viewport: Viewport, least_px: float = 0.0
    ) -> None:
        self._pixels = pixels
        self._viewport = viewport
        self._least_px = least_px
        self._outlines: list[Outlines] = []
        self._marks: list[Marks] = []

    @property
    def has_marks(self) -> bool:
        """Whether marks wait to be painted: areas that come later lie above them."""
        return bool(self._marks)

    def add_outlines(self, batch: OutlineBatch) -> None:
        """Have areas or lines painted above what was added before."""
        self._outlines += outline_jobs(batch, self._viewport, self._least_px)

    def add_marks(self, batch: PointBatch) -> None:
        """Have marks painted above what was added before."""
        self._marks.append(marks_job(batch, self._viewport))

    def paint(self, progress: Progress) -> None:
        """Paint what was added.

        Raises
        ------
        Cancelled
            Where `progress` says so; the image is then unfinished.
        """
        outlines, marks = tuple(self._outlines), tuple(reversed(self._marks))
        self._outlines, self._marks = [], []
        if not (outlines or marks):
            return
        stop = threading.Event()
        above = _Above(self._pixels.shape) if marks else None
        work = [
            _threads().submit(_paint_band, self._pixels, y0, y1, outlines, marks, above, stop)
            for y0, y1 in _rows(*self._pixels.shape)
        ]
        try:
            _wait(work, progress)
        finally:
            stop.set()
            wait(work)


def _wait(work: list[Future[None]], progress: Progress) -> None:
    waiting = set(work)
    while waiting:
        done, waiting = wait(waiting, timeout=_POLL_S)
        for future in done:
            future.result()
        progress.step(len(work) - len(waiting), len(work), "")


def _rows(height: int, width: int) -> list[tuple[int, int]]:
    """Return the bands' first and last rows, whole squares each."""
    count = max(1, min(_thread_count() * _BANDS_A_THREAD, height * width // _LEAST_PX))
    step = -(-height // (count * SQUARE_PX)) * SQUARE_PX
    return [(y, min(y + step, height)) for y in range(0, height, step)]


class _Above:
    """The layer of the marks, and how much can be seen through each of its squares."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        height, width = shape
        self.pixels = np.zeros((height, width), dtype=np.uint32)
        rows = np.minimum(SQUARE_PX, height - np.arange(0, height, SQUARE_PX))
        columns = np.minimum(SQUARE_PX, width - np.arange(0, width, SQUARE_PX))
        self.through = np.outer(rows, columns).astype(np.int32)


_NOTHING_ABOVE = np.empty((0, 0), dtype=np.int32)


def _paint_band(
    pixels: NDArray[np.uint32],
    y0: int,
    y1: int,
    outlines: tuple[Outlines, ...],
    marks: tuple[Marks, ...],
    above: _Above | None,
    stop: threading.Event,
) -> None:
    for some in marks:
        if above is not None:
            _stamp(above, y0, y1, some, stop)
    through = _NOTHING_ABOVE if above is None else above.through
    for one in outlines:
        _paint_outlines(pixels, y0, y1, one, through, stop)
    if above is not None:
        kernels().lay_over(pixels, above.pixels, y0, y1)


def _stamp(above: _Above, y0: int, y1: int, marks: Marks, stop: threading.Event) -> None:
    reach = marks.stamp.shape[0] // 2
    spots = marks.spots
    taken = np.zeros((y1 - y0 + 2 * reach, above.pixels.shape[1] + 2 * reach), dtype=np.uint8)
    for begin, end in marks.chunks:
        if stop.is_set():
            return
        kernels().stamp_marks(
            above.pixels, y0, y1, spots.xy, spots.beside_mm, spots.starts, begin, end,
            marks.view, marks.px_per_mm, marks.room_px, marks.stamp, taken, above.through,
        )  # fmt: skip


def _paint_outlines(
    pixels: NDArray[np.uint32],
    y0: int,
    y1: int,
    job: Outlines,
    through: NDArray[np.int32],
    stop: threading.Event,
) -> None:
    filled, cover = _coverage((y1 - y0) * (pixels.shape[1] + 1))
    px, out = _vertices(job.most_vertices)
    parts = job.parts
    for begin, end in job.chunks:
        if stop.is_set():
            return
        kernels().paint_parts(
            pixels, y0, y1, parts.xy, parts.ring_starts, parts.part_starts, parts.bounds,
            job.chosen, begin, end, job.view, parts.closed, job.fill, job.tile, job.tile_at,
            job.stroke, job.reach_px, job.dashes_px, job.speck, job.least_px,
            filled, cover, px, out, through,
        )  # fmt: skip


def _coverage(size: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return this thread's two buffers of zeros; the kernels leave them empty."""
    kept: NDArray[np.float32] | None = getattr(_own, "coverage", None)
    if kept is None or kept.shape[1] < size:
        kept = np.zeros((2, size), dtype=np.float32)
        _own.coverage = kept
    return kept[0], kept[1]


def _vertices(most: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return this thread's room for a ring of so many vertices and for its outline."""
    kept: tuple[NDArray[np.float64], NDArray[np.float64]] | None = getattr(_own, "vertices", None)
    if kept is None or len(kept[0]) < 2 * most + 4:
        kept = np.empty((2 * most + 4, 2)), np.empty((8 * most + 4096, 2))
        _own.vertices = kept
    return kept
