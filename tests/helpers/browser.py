"""A page in the web engine, its network refused, in a process of its own.

A process of its own, because the engine must be loaded before the one QApplication of the tests.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass

TIME_LIMIT_S = 100
READY = "document.documentElement.dataset.ready === 'true'"


@dataclass(frozen=True)
class Visit:
    """What a page asked for, what it complained of, what each script answered."""

    requests: list
    console: list
    answers: list
    ready_ms: float


def visit(page, scripts=(), width=1280, height=800):
    """Open a page from the disk and evaluate expressions in it, one after the other."""
    job = json.dumps({"page": str(page), "scripts": list(scripts), "size": [width, height]})
    flags = {"QT_QPA_PLATFORM": "offscreen",
             "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox --disable-gpu"}  # fmt: skip
    done = subprocess.run(
        [sys.executable, __file__], input=job, capture_output=True, text=True,
        env=os.environ | flags, timeout=TIME_LIMIT_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return Visit(**json.loads(done.stdout.splitlines()[-1]))


def _browse(job):
    import time

    from PySide6.QtCore import QEventLoop, QTimer, QUrl
    from PySide6.QtWebEngineCore import (
        QWebEnginePage,
        QWebEngineProfile,
        QWebEngineUrlRequestInterceptor,
    )
    from PySide6.QtWebEngineWidgets import QWebEngineView
    from PySide6.QtWidgets import QApplication

    app = QApplication([])
    requests, console, answers = [], [], []
    page_url = QUrl.fromLocalFile(job["page"])

    class Guard(QWebEngineUrlRequestInterceptor):
        def interceptRequest(self, info):
            if info.requestUrl() != page_url:
                requests.append(info.requestUrl().toString()[:200])
                info.block(True)

    class Page(QWebEnginePage):
        def javaScriptConsoleMessage(self, level, message, line, source):
            console.append(f"{message} ({line})")

    def run(page, script):
        loop = QEventLoop()
        page.runJavaScript(script, lambda answer: (answers.append(answer), loop.quit()))
        loop.exec()
        return answers[-1]

    def pause(milliseconds):
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    guard, profile = Guard(), QWebEngineProfile()
    profile.setUrlRequestInterceptor(guard)
    view = QWebEngineView()
    page = Page(profile, view)
    view.setPage(page)
    view.resize(*job["size"])
    view.show()
    start = time.perf_counter()
    loaded = QEventLoop()
    page.loadFinished.connect(lambda _ok: loaded.quit())
    page.load(page_url)
    loaded.exec()
    while not run(page, READY) and time.perf_counter() - start < TIME_LIMIT_S / 3:
        pause(50)
    ready_ms = 1000 * (time.perf_counter() - start)
    answers.clear()
    for script in job["scripts"]:  # as JSON: the engine's own answers lose what is nested
        answers[-1:] = [json.loads(run(page, f"JSON.stringify({script})") or "null")]
        pause(30)
    view.close()
    page.deleteLater()
    app.processEvents()
    told = {"requests": requests, "console": console, "answers": answers, "ready_ms": ready_ms}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    _browse(json.loads(sys.stdin.read()))
    sys.stdout.flush()
    os._exit(0)  # the engine's own shutdown is not what is tested
