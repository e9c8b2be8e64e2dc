"""How long work tells that it moves, and learns that it should stop."""

from typing import Protocol


class Progress(Protocol):
    """What a long function takes; it knows no thread and no dialog."""

    def step(self, done: int, total: int, text: str) -> None:
        """Report `done` of `total` units (0 where the total is not known).

        Raises
        ------
        Cancelled
            Where the user asked to stop.
        """


class SilentProgress:
    """Reports to nobody and never cancels."""

    def step(self, done: int, total: int, text: str) -> None:
        """Do nothing."""


SILENT: Progress = SilentProgress()
