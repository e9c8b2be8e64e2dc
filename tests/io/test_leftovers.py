"""Whatever the program leaves behind is searched, byte by byte, for people's names and numbers."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.leftovers import DIRECT, EMAIL, NIK, PEOPLE, PHONES, found_in, places_in, write_sources

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and modes of POSIX")

# Sources are the user's own; a sealed file is told nothing of by its bytes.
GIVEN = ("data/*", "*.age")
# Where exact places belong: projects, and what of them was not saved yet.
HOLD_PLACES = (*GIVEN, "*.gpkg", "home/autosave/*")

COMMANDS = """
import os, sys
from gisapp.cli import main
from gisapp.io import age

def run(*arguments, code=0):
    ended = main(list(arguments))
    assert ended == code, (arguments, ended)

HEAD = b"age-encryption.org/v1\\n"  # its second of work is not at stake
age.encrypt = lambda data, *_: HEAD + bytes(255 - x for x in data)
age.decrypt = lambda data, *_: bytes(255 - x for x in data.removeprefix(HEAD))
run("new", "p.gpkg")
run("import", "p.gpkg", "data/admin.geojson", "--as", "admin")
run("import", "p.gpkg", "data/usaha.csv", "--as", "businesses")
run("import", "p.gpkg", "data/usaha.csv", "--as", "businesses")
run("import", "p.gpkg", "data/keluarga.xlsx", "--as", "households", "--sheet", "survei")
run("link", "p.gpkg", "operates", "data/keluarga.xlsx", "--sheet", "usaha",
    "--map", "business_id=id_usaha", "--map", "income_share=bagian")
run("import", "p.gpkg", "data/evictions.geojson", "--as", "evictions")
run("import", "p.gpkg", "data/lain.gpkg", "--as", "other", "--layer", "lain")
run("import", "p.gpkg", "data/missing.csv", "--as", "other", code=3)
run("assess", "p.gpkg", "--as-of", "2026-11-01")
for file in ("map.html", "map.png", "subjects.xlsx", "subjects.csv", "map.geojson", "copy.gpkg"):
    run("export", "p.gpkg", file, "--preset", "public")
for file in ("admin.geojson", "usaha.csv", "keluarga.xlsx", "lain.gpkg"):
    run("check", f"data/{file}", "--json")
os.environ["GISAPP_PASSPHRASE"] = "kuda besi lari pagi"
run("seal", "p.gpkg", "p.age")
os.environ["GISAPP_PASSPHRASE"] = "kuda besi lari pagi"
run("unseal", "p.age", "q.gpkg")
run("info", "q.gpkg")
"""

WINDOW = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from gisapp.session.edits import remove_layer
from gisapp.session.recovery import autosave_folder
from gisapp.ui import app, dialogs
from gisapp.ui import autosaving

autosaving.AFTER_MS = 50
shown = app.open_first

def open_first(window, path):
    window.session_changed.connect(lambda: QTimer.singleShot(0, lambda: edit(window)))
    shown(window, path)

def edit(window):
    window.session.apply(remove_layer("lain"), "remove")
    QTimer.singleShot(0, lambda: float(sys.argv[1]))  # a bug that quotes a cell
    look(window)

def look(window):
    if any(autosave_folder().glob("*.gpkg")):
        QTimer.singleShot(300, lambda: os.kill(os.getpid(), 9))
    else:
        QTimer.singleShot(20, lambda: look(window))

app.open_first = open_first
sys.exit(app.run(Path("p.gpkg")))
"""


def run(root: Path, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    names = {"HOME": "", "TMPDIR": "tmp", "GISAPP_HOME": "home", "XDG_CACHE_HOME": "cache",
             "XDG_CONFIG_HOME": "config", "XDG_DATA_HOME": "share",
             "XDG_RUNTIME_DIR": "runtime", "XDG_STATE_HOME": "state"}  # fmt: skip
    for folder in names.values():
        (root / folder).mkdir(mode=0o700, exist_ok=True)
    environment = {**os.environ, **{name: str(root / x) for name, x in names.items()}}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=root, env=environment, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A home in which everything was done; what was printed lies in it too."""
    root = tmp_path_factory.mktemp("leftovers")
    write_sources(root / "data")
    ended = run(root, COMMANDS)
    assert ended.returncode == 0, ended.stderr
    (root / "printed.txt").write_text(ended.stdout + ended.stderr)
    return root


def test_the_search_finds_what_it_looks_for(root):
    for marker in (PEOPLE[0], NIK[0], PHONES[0], EMAIL):
        assert found_in(root, (marker,), but=())
    assert {x.split(":")[0] for x in places_in(root, but=())} > {"p.gpkg", "data/usaha.csv"}


def test_the_commands_leave_nobody_behind(root):
    assert found_in(root, DIRECT, but=GIVEN) == []
    assert places_in(root, but=HOLD_PLACES) == []
    assert places_in(root, but=(*GIVEN, "p.gpkg", "q.gpkg")) == []
    assert [x for x in (root / "tmp").rglob("*") if x.is_file()] == []
    assert list((root / "home" / "cache" / "scratch").iterdir()) == []


def test_a_window_that_is_killed_after_a_bug_leaves_nobody_behind(root):
    ended = run(root, WINDOW, f"{PEOPLE[1]} {NIK[1]}")
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert "could not convert string to float" in ended.stderr
    (root / "window.txt").write_text(ended.stdout + ended.stderr)
    assert found_in(root, DIRECT, but=GIVEN) == []
    assert places_in(root, but=HOLD_PLACES) == []


def test_a_layer_that_was_removed_is_gone_from_the_file(root):
    code = (
        "from pathlib import Path\nfrom gisapp.session.session import Session\n"
        "from gisapp.session.edits import remove_layer\n"
        "session = Session.open(Path('q.gpkg'))\n"
        "for name in ('businesses', 'households', 'lain', 'assessed_businesses',"
        " 'assessed_households', 'conflicts'):\n"
        "    if any(x.name == name for x in session.project.layers):\n"
        "        session.apply(remove_layer(name), 'remove')\n"
        "session.save()"
    )
    assert run(root, code).returncode == 0
    others = (*GIVEN, "p.gpkg", "home/*", "home/*/*", "*.txt", "*.html", "*.geojson", "copy.gpkg")
    assert places_in(root, but=others) == []
    assert found_in(root, ("nasi uduk", "Warung 1"), but=(*others, "*.xlsx", "*.csv")) == []
