"""Disks that fill, folders that refuse, names that mislead, Ctrl-C: the project stays as it was."""

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading

import pytest
from helpers.mounts import in_mount
from helpers.small_project import small_project
from helpers.unprivileged import NOBODY, as_nobody, folder_of_nobody

from gisapp.cli import EXIT_INTERRUPTED, main
from gisapp.io.checking import check_source
from gisapp.io.project_file import load_project, save_project

STALLS = "id,lat,lon,form\n" + "\n".join(f"S{n},-6.3288,106.8530{n},warung" for n in range(9))
RUN = "import sys; from gisapp.cli import main; print(main(sys.argv[1:]))"


@pytest.fixture
def project(tmp_path):
    path = tmp_path / "work" / "p.gpkg"
    path.parent.mkdir()
    save_project(small_project(), path)
    return path


@pytest.fixture
def stalls(tmp_path):
    path = tmp_path / "stalls.csv"
    path.write_text(STALLS, "utf-8")
    return path


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def refused(command, capsys):
    capsys.readouterr()
    assert main([str(x) for x in command]) == 3
    lines = capsys.readouterr().err.splitlines()
    assert [x.partition(":")[0] for x in lines] == ["error", "remedy"]
    return lines[0]


FULL = """
import contextlib, hashlib, io, json, os, shutil, sys
from pathlib import Path
from gisapp.cli import main
folder, project, stalls = map(Path, sys.argv[1:])
here = Path(shutil.copy(project, folder / "p.gpkg"))
before = hashlib.sha256(here.read_bytes()).hexdigest()
filler = folder / "filler"
free = os.statvfs(folder)
filler.write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - 40_000)))
told = {}
for name, command in {
    "import": ["import", here, stalls, "--as", "sites"],
    "assess": ["assess", here],
    "export": ["export", here, folder / "data.gpkg", "--preset", "internal"],
    "new": ["new", folder / "new.gpkg"],
    "salvage": ["check", here, "--salvage", folder / "saved.gpkg"],
}.items():
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        code = main([str(x) for x in command])
    told[name] = [code, said.getvalue()]
whole = hashlib.sha256(here.read_bytes()).hexdigest() == before
print(json.dumps([told, whole, sorted(os.listdir(folder))]))
"""


def test_a_disk_that_fills(project, stalls, tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    answer = in_mount("-t tmpfs -o size=1m tmpfs", folder, FULL, folder, project, stalls)
    told, whole, names = json.loads(answer)
    assert whole
    assert names == ["filler", "p.gpkg"]
    for code, said in told.values():
        assert code == 3, said
        assert "remedy: " in said
        assert "space" in said or "full" in said


def test_a_file_system_that_may_only_be_read(project, stalls):
    read_only = f"-o bind,ro {project.parent}"
    for command, code in ((["info", project], 0), (["import", project, stalls, "--as", "sites"], 3),
                          (["check", project], 0)):  # fmt: skip
        answer = in_mount(read_only, project.parent, RUN, *command)
        assert answer.splitlines()[-1] == str(code)
    assert [x.name for x in project.parent.iterdir()] == ["p.gpkg"]


SAVE = """
import sys
from dataclasses import replace
from pathlib import Path
from gisapp.core.errors import GisappError
from gisapp.io.project_file import load_project, save_project
path = Path(sys.argv[1])
loaded = load_project(path)
try:
    save_project(replace(loaded, title="New"), path, loaded)
except GisappError as error:
    print(error.message, error.remedy)
else:
    print("saved")
"""


@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "said"),
    [(0o555, 0o644, "cannot be written: access is denied"), (0o755, 0o444, "is read-only")],
)
def test_permissions(project, folder_mode, file_mode, said):
    with folder_of_nobody() as folder:
        copy = folder / "work" / "p.gpkg"
        copy.parent.mkdir()
        copy.write_bytes(project.read_bytes())
        copy.chmod(file_mode)
        copy.parent.chmod(folder_mode)
        if os.geteuid() == 0:
            os.chown(copy.parent, NOBODY, NOBODY)
            os.chown(copy, NOBODY, NOBODY)
        before = digest(copy)
        assert said in as_nobody(SAVE, copy, home=folder / "home")
        assert digest(copy) == before
        assert [x.name for x in copy.parent.iterdir()] == ["p.gpkg"]
        copy.parent.chmod(0o755)


class TestNoFile:
    """A path that names something else is refused at once, whatever is asked of it."""

    @pytest.fixture(params=["folder", "pipe", "socket", "device", "loop", "dangling"])
    def path(self, request, tmp_path):
        path = tmp_path / "odd.gpkg"
        match request.param:
            case "folder":
                path.mkdir()
            case "pipe":
                os.mkfifo(path)
            case "socket":
                with socket.socket(socket.AF_UNIX) as listening:
                    listening.bind(str(path))
            case "device":
                path.symlink_to("/dev/zero")
            case "loop":
                path.symlink_to(path.name)
            case "dangling":
                path.symlink_to(tmp_path / "nowhere" / "p.gpkg")
        return path

    @pytest.mark.parametrize(
        "command",
        [["info"], ["assess"], ["check"], ["import", "{stalls}", "--as", "sites"],
         ["export", "{out}", "--preset", "internal"]],
        ids=lambda x: x[0],
    )  # fmt: skip
    def test_it_is_refused(self, path, stalls, command, tmp_path, capsys):
        name, *rest = (x.format(stalls=stalls, out=tmp_path / "m.html") for x in command)
        refused([name, path, *rest], capsys)

    def test_nothing_new_is_put_there(self, path, capsys):
        refused(["new", path], capsys)


def test_a_link_to_a_project_stays_one(project, stalls, tmp_path):
    link = tmp_path / "link.gpkg"
    link.symlink_to(project)
    assert main(["import", str(link), str(stalls), "--as", "sites"]) == 0
    assert link.is_symlink()
    assert len(load_project(project).layer("sites").frame) == 9


@pytest.mark.parametrize(
    "name", ["a\nb.gpkg", "a!b.gpkg", "a;b|c.gpkg", "-.gpkg", "ü" * 125 + ".gpkg", "%2e?x=1#y.gpkg"]
)
def test_a_name_is_only_a_name(tmp_path, stalls, name):
    path = tmp_path / "work" / name
    path.parent.mkdir()
    assert main(["new", str(path)]) == 0
    assert main(["import", str(path), str(stalls), "--as", "sites"]) == 0
    assert main(["check", str(path)]) == 0
    assert [x.name for x in path.parent.iterdir()] == [name]


def test_a_file_that_another_program_holds(project, stalls, capsys):
    hold = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('BEGIN EXCLUSIVE'); print('held', flush=True); sys.stdin.read()"
    )
    before = digest(project)
    with subprocess.Popen([sys.executable, "-c", hold, project],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:  # fmt: skip
        other.stdout.readline()
        for command in (["info", project], ["import", project, stalls, "--as", "sites"]):
            assert "in use by another program" in refused(command, capsys)
        other.communicate()
    assert digest(project) == before


PHASES = (
    "gisapp.io.importer.understand",
    "gisapp.io.project_file.write_frame",
    "gisapp.io.project_file.write_book",
    "gisapp.io.project_file.write_styles",
    "gisapp.io.project_file.shrink",
    "gisapp.io.project_file.check_integrity",
    "gisapp.io.atomic._flush",
)


@pytest.mark.parametrize("phase", PHASES)
def test_ctrl_c_in_each_phase_of_an_import(project, stalls, phase, monkeypatch, capsys):
    module, _dot, name = phase.rpartition(".")
    original = getattr(__import__(module, fromlist=[name]), name)
    interrupted = []

    def interrupt(*args, **kwargs):
        if not interrupted:
            interrupted.append(phase)
            signal.raise_signal(signal.SIGINT)
        return original(*args, **kwargs)

    before = digest(project)
    monkeypatch.setattr(phase, interrupt)
    assert main(["import", str(project), str(stalls), "--as", "sites"]) == EXIT_INTERRUPTED
    assert interrupted
    assert "Traceback" not in capsys.readouterr().err
    assert digest(project) == before
    assert [x.name for x in project.parent.iterdir()] == ["p.gpkg"]


def test_a_file_that_grows_while_it_is_read(tmp_path, monkeypatch):
    """What is read is a whole number of rows, or a clear refusal."""
    path = tmp_path / "growing.csv"
    path.write_text(STALLS, "utf-8")
    done = threading.Event()

    def grow():
        with path.open("a", encoding="utf-8") as file:
            n = 0
            while not done.wait(0.0005):
                file.write(f"\nG{n},-6.33,106.8,warung")
                file.flush()
                n += 1

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        reports = [check_source(path) for _n in range(5)]
    finally:
        done.set()
        writer.join()
    assert all(x.ok or x.remedy for x in reports)
    assert [x.features for x in reports] == sorted(x.features for x in reports)
