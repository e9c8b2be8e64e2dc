"""A progress bar with a rate on a terminal, nothing when piped."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gisapp.core.progress import SILENT, Pace, Progress
from gisapp.core.words import number

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID


class TerminalProgress:
    """Shows the step at work on a rich progress bar."""

    def __init__(self, bar: "Bar") -> None:
        self._bar = bar
        self._pace = Pace()
        self._task: TaskID | None = None
        self._text = ""

    def step(self, done: int, total: int, text: str) -> None:
        """Move the bar; a new text starts a new one."""
        if self._task is None or text != self._text:
            if self._task is not None:
                self._bar.remove_task(self._task)
            self._task = self._bar.add_task(text, total=total or None, rate="")
            self._text = text
        speed = self._pace.units_per_s(done, text)
        rate = f"{number(round(speed))}/s" if speed else ""
        self._bar.update(self._task, completed=done, total=total or None, rate=rate)


@contextmanager
def terminal_progress() -> Iterator[Progress]:
    """Give what a long function reports to: a bar on standard error where a person watches."""
    if not sys.stderr.isatty():
        yield SILENT
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        yield TerminalProgress(bar)
