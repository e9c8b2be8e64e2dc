"""Ctrl-C, and a reader that leaves: no traceback, and an exit code that says what happened."""

import io
import os
import signal
import sys
import time

import pytest

from gisapp import cli
from gisapp.cli import EXIT_INTERRUPTED, main
from gisapp.core.errors import GisappError


@pytest.fixture
def interrupted_while(monkeypatch, tmp_path):
    """Run a command that is interrupted; `raised` is what becomes of the interrupt in it."""

    def run(raised):
        def load(*_args):
            try:
                signal.raise_signal(signal.SIGINT)
            except KeyboardInterrupt:
                if raised is None:
                    raise
                raise raised from None

        monkeypatch.setattr("gisapp.io.project_info.project_info", load)
        project = tmp_path / "p.gpkg"
        assert main(["new", str(project)]) == 0
        return main(["info", str(project)])

    return run


@pytest.mark.parametrize(
    "raised",
    [None, AttributeError("module 'numpy' has no attribute 'void'"), GisappError("no", "none")],
    ids=["plain", "made an error by a library", "made a refusal"],
)
def test_an_interrupt_ends_with_130_whatever_a_library_makes_of_it(
    interrupted_while, raised, capsys
):
    before = signal.getsignal(signal.SIGINT)
    assert interrupted_while(raised) == EXIT_INTERRUPTED
    assert "Traceback" not in capsys.readouterr().err
    assert signal.getsignal(signal.SIGINT) is before


def test_a_module_is_loaded_to_its_end_before_the_interrupt_is_heard(monkeypatch, tmp_path, capsys):
    (tmp_path / "slow_to_load.py").write_text(
        "import signal\nsignal.raise_signal(signal.SIGINT)\nwhole = True\n", "utf-8"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    loaded = []

    def run(_args):
        import slow_to_load

        loaded.append(slow_to_load.whole)
        time.sleep(5)

    monkeypatch.setattr(cli, "_run", run)
    assert main([]) == EXIT_INTERRUPTED
    assert loaded == [True]
    assert capsys.readouterr().err == ""


def test_a_bug_without_an_interrupt_keeps_its_traceback(monkeypatch):
    monkeypatch.setattr(cli, "_run", lambda _args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        main([])


def test_a_reader_that_leaves_early_has_got_what_it_wanted(monkeypatch, tmp_path):
    project = tmp_path / "p.gpkg"
    assert main(["new", str(project)]) == 0
    reader, writer = os.pipe()
    os.close(reader)
    with io.TextIOWrapper(io.FileIO(writer, "w"), line_buffering=True) as nobody_listens:
        monkeypatch.setattr(sys, "stdout", nobody_listens)
        assert main(["info", str(project)]) == 0


def test_the_next_command_can_be_copied_though_the_path_has_blanks(tmp_path, capsys):
    assert main(["new", str(tmp_path / "proyek kita.gpkg")]) == 0
    assert f"import '{tmp_path}/proyek kita.gpkg' FILE" in capsys.readouterr().out
