import threading

import pytest
from helpers.window import jobs_at_once

from gisapp.core.errors import GisappError
from gisapp.ui.jobs import Jobs


@pytest.fixture
def jobs(qtbot):
    made = Jobs()
    yield made
    made.shutdown()


def test_the_answer_comes_on_the_gui_thread(qtbot, jobs):
    threads = []
    jobs.start(
        lambda _progress: threading.current_thread(),
        title="work",
        done=lambda worker: threads.extend((worker, threading.current_thread())),
    )
    qtbot.waitUntil(lambda: len(threads) == 2)
    assert threads[0] is not threads[1]
    assert threads[1] is threading.main_thread()
    assert jobs.running == ()


def test_progress_reaches_the_window_and_the_last_step_always_does(qtbot, jobs):
    seen = []
    jobs.progressed.connect(lambda _job, done, total, text: seen.append((done, total, text)))

    def work(progress):
        for done in range(10_001):
            progress.step(done, 10_000, "counting")

    with qtbot.waitSignal(jobs.finished):
        jobs.start(work, title="work", done=lambda _answer: None)
    assert seen[-1] == (10_000, 10_000, "counting")
    assert len(seen) < 1_000


def test_a_cancelled_job_is_silent_and_ends(qtbot, jobs):
    begun, ended, heard = threading.Event(), threading.Event(), []

    def work(progress):
        begun.set()
        try:
            while True:
                progress.step(0, 0, "")
        finally:
            ended.set()

    job = jobs.start(work, title="work", done=heard.append, failed=heard.append)
    assert begun.wait(5)
    with qtbot.waitSignal(jobs.finished):
        jobs.cancel(job)
    assert ended.wait(5)
    qtbot.wait(50)
    assert heard == []
    assert jobs.running == ()


def test_a_late_answer_of_a_cancelled_job_is_dropped(qtbot, jobs):
    begun, go_on, heard = threading.Event(), threading.Event(), []

    def work(_progress):
        begun.set()
        go_on.wait(5)
        return "late"

    job = jobs.start(work, title="deaf work", done=heard.append)
    assert begun.wait(5)
    jobs.cancel(job)
    go_on.set()
    with qtbot.waitSignal(jobs.finished):
        jobs.start(lambda _progress: None, title="next", done=lambda _answer: None)
    assert heard == []


def test_errors_go_to_the_one_who_asked_else_to_the_window(qtbot, jobs):
    mine, windows = [], []
    jobs.failed.connect(windows.append)
    error = GisappError("wrong", "mend it")

    def work(_progress):
        raise error

    with qtbot.waitSignal(jobs.finished):
        jobs.start(work, title="work", done=mine.append, failed=mine.append)
    assert (mine, windows) == ([error], [])
    with qtbot.waitSignal(jobs.failed):
        jobs.start(work, title="work", done=mine.append)
    assert windows == [error]


def test_quitting_at_work_joins_the_workers(qtbot):
    jobs, begun = Jobs(), threading.Event()

    def work(progress):
        begun.set()
        while True:
            progress.step(0, 0, "")

    jobs.start(work, title="work", done=lambda _answer: None)
    waiting = jobs.start(work, title="never begun", done=lambda _answer: None)
    assert begun.wait(5)
    jobs.shutdown()
    assert jobs.running == ()
    assert waiting.cancelled()
    assert not [x for x in threading.enumerate() if x.name.startswith("gisapp")]


def test_the_twin_has_run_when_start_returns(qtbot):
    heard = []
    job = jobs_at_once().start(lambda _progress: 7, title="work", done=heard.append)
    assert heard == [7]
    assert not job.under_way
