"""Long work off the GUI thread, with progress and cancel.

Workers are a ThreadPoolExecutor: pyproj dies in QThreadPool, and a QThreadPool at work kills the
process on quitting. A worker touches no widget; what it has to say is posted to the GUI thread.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from gisapp.core.errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from gisapp.core.progress import Progress

T = TypeVar("T")

# Twenty reports a second look like a flow; more would only fill the event queue.
REPORT_EVERY_S = 0.05


@dataclass(eq=False)
class Job(Generic[T]):
    """One piece of work under way.

    `done` gets the answer, on the GUI thread. `failed` gets the exception; without it the
    runner's signal ``failed`` tells the window. After `cancel` neither is called. What must not be
    left half done (a save) is not `cancellable`.
    """

    title: str
    done: Callable[[T], None]
    failed: Callable[[Exception], None] | None = None
    cancellable: bool = True
    listening: bool = True
    under_way: bool = True
    _wish: threading.Event = field(default_factory=threading.Event)
    _future: Future[None] | None = None
    _reported_at: float = 0.0

    def cancelled(self) -> bool:
        """Whether the user asked to stop."""
        return self._wish.is_set()


class Jobs(QObject):
    """Starts jobs and brings what they say to the GUI thread, where it lives.

    Parameters
    ----------
    executor : Executor, optional
        Where the work runs. A test gives one that runs at once.
    """

    started = Signal(object)
    progressed = Signal(object, int, int, str)
    finished = Signal(object)
    failed = Signal(object)
    _posted = Signal(object)

    def __init__(self, executor: Executor | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = executor or ThreadPoolExecutor(max_workers=1, thread_name_prefix="gisapp")
        self._running: list[Job[Any]] = []
        self._posted.connect(self._deliver)

    @property
    def running(self) -> tuple[Job[Any], ...]:
        """The jobs that are under way or wait for their turn."""
        return tuple(self._running)

    def start(
        self,
        work: Callable[[Progress], T],
        *,
        title: str,
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        cancellable: bool = True,
    ) -> Job[T]:
        """Run ``work(progress)`` on a worker and return at once.

        Parameters
        ----------
        work : callable
            Takes the progress; knows no widget.
        title : str
            What the user reads while it runs.
        done, failed : callable
            Called on the GUI thread with the answer or the exception.
        cancellable : bool
            Whether the user may stop it.
        """
        job = Job(title, done, failed, cancellable)
        self._running.append(job)
        self.started.emit(job)
        job._future = self._executor.submit(self._work, job, work)
        return job

    def cancel(self, job: Job[Any]) -> None:
        """Stop listening to `job`, then ask it to stop; one that is not cancellable goes on."""
        if not job.cancellable:
            return
        job.listening = False
        job._wish.set()
        if job._future is not None:
            job._future.cancel()
        self._forget(job)

    def shutdown(self) -> None:
        """Cancel what can be cancelled and wait for the workers to end."""
        for job in self.running:
            self.cancel(job)
        self._executor.shutdown(wait=True)

    def _work(self, job: Job[T], work: Callable[[Progress], T]) -> None:
        """Run on the worker; whatever happens is posted, so that no exception is lost."""
        try:
            answer = work(_Reporter(self, job))
        except Cancelled:
            self._posted.emit(lambda: self._forget(job))
        except Exception as error:
            carried = error  # the name `error` ends with this block
            self._posted.emit(lambda: self._fail(job, carried))
        else:
            self._posted.emit(lambda: self._finish(job, answer))

    @Slot(object)
    def _deliver(self, message: Callable[[], None]) -> None:
        message()

    def _finish(self, job: Job[T], answer: T) -> None:
        if job.listening:
            self._forget(job)
            job.done(answer)

    def _fail(self, job: Job[Any], error: Exception) -> None:
        if job.listening:
            self._forget(job)
            (job.failed or self.failed.emit)(error)

    def _forget(self, job: Job[Any]) -> None:
        if job in self._running:
            job.under_way = False
            self._running.remove(job)
            self.finished.emit(job)

    def _report(self, job: Job[Any], done: int, total: int, text: str) -> None:
        if job.listening:
            self.progressed.emit(job, done, total, text)


class _Reporter:
    """The progress that a worker is given."""

    def __init__(self, jobs: Jobs, job: Job[Any]) -> None:
        self._jobs, self._job = jobs, job

    def step(self, done: int, total: int, text: str) -> None:
        jobs, job = self._jobs, self._job
        if job.cancelled():
            raise Cancelled
        now = time.monotonic()
        if now - job._reported_at >= REPORT_EVERY_S or done == total:
            job._reported_at = now
            jobs._posted.emit(lambda: jobs._report(job, done, total, text))
