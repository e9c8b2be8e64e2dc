"""What a killed program left beside a project belongs to it: a log in WAL mode, a hot journal."""

import shutil
import subprocess
import sys
from dataclasses import replace

import pytest
from helpers.small_project import small_project
from helpers.unprivileged import as_nobody, folder_of_nobody

from gisapp.core.progress import SILENT
from gisapp.io.checking import check_source
from gisapp.io.project_file import load_project, save_project
from gisapp.io.project_info import project_info
from gisapp.io.salvage import salvage_project

# Another program renames the project. With a log it has done so when it dies; with a journal it
# was in the middle of it, and what is in the file already must be taken back.
WAL = """
c.execute("PRAGMA journal_mode=WAL"); c.execute("PRAGMA wal_autocheckpoint=0")
c.execute("UPDATE gisapp_meta SET value = 'Theirs' WHERE name = 'title'")
"""
JOURNAL = """
c.execute("PRAGMA cache_size=1"); c.execute("BEGIN")
c.execute("UPDATE gisapp_meta SET value = 'Half done' WHERE name = 'title'")
c.execute("CREATE TABLE filler (x)")
c.executemany("INSERT INTO filler VALUES (?)", [(b'x' * 3000,)] * 200)
"""


def killed_writer(path, work):
    program = (
        "import sqlite3, sys, os; c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        f"{work}\nos.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", program, str(path)], check=False)


@pytest.fixture(params=["p.gpkg", "a!b;c.gpkg"], ids=["plain", "odd"])
def path(request, tmp_path):
    path = tmp_path / "work" / request.param
    path.parent.mkdir()
    save_project(small_project(), path)
    return path


@pytest.mark.parametrize(
    ("work", "suffix", "title"), [(WAL, "-wal", "Theirs"), (JOURNAL, "-journal", "Ciracas")]
)
class TestLeftBehind:
    @pytest.fixture(autouse=True)
    def _killed(self, path, work, suffix, title):
        killed_writer(path, work)
        assert path.with_name(path.name + suffix).stat().st_size > 0
        half_done = b"x" * 1000 in path.read_bytes()
        assert half_done == (suffix == "-journal")
        assert b"Theirs" not in path.read_bytes()

    def test_it_opens_as_what_was_last_saved(self, path, title):
        assert load_project(path).title == title
        assert project_info(path)["title"] == title

    def test_check_finds_nothing_wrong(self, path):
        report = check_source(path)
        assert report.ok, report.errors

    def test_salvage_takes_it_into_account(self, path, title, tmp_path):
        salvage_project(path, tmp_path / "new.gpkg", SILENT)
        assert load_project(tmp_path / "new.gpkg").title == title

    def test_a_save_keeps_it(self, path, title):
        loaded = load_project(path)
        save_project(replace(loaded, notice="mine"), path, loaded)
        found = load_project(path)
        assert (found.title, found.notice) == (title, "mine")
        assert [x.name for x in path.parent.iterdir()] == [path.name]

    def test_in_a_folder_that_may_not_be_written(self, path, title):
        with folder_of_nobody() as folder:
            shutil.copytree(path.parent, folder / "work")
            copy = folder / "work" / path.name
            before = {x: x.read_bytes() for x in copy.parent.iterdir()}
            copy.parent.chmod(0o555)
            program = (
                "import sys; from pathlib import Path\n"
                "from gisapp.io.project_file import load_project\n"
                "from gisapp.io.project_info import project_info\n"
                "path = Path(sys.argv[1])\n"
                "print(load_project(path).title, project_info(path)['title'])"
            )
            assert as_nobody(program, copy, home=folder / "home") == f"{title} {title}"
            assert {x: x.read_bytes() for x in copy.parent.iterdir()} == before


WRITER = """
import sqlite3, sys
c = sqlite3.connect(sys.argv[1], isolation_level=None)
c.execute("PRAGMA journal_mode=WAL")
c.execute("BEGIN IMMEDIATE")
c.execute("UPDATE gisapp_meta SET value = 'not yet' WHERE name = 'title'")
for line in sys.stdin:
    print(c.execute(line).fetchall(), flush=True)
"""


def test_a_reader_beside_a_living_writer_sees_what_was_last_committed(path):
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:

        def do(statement):
            writer.stdin.write(f"{statement}\n")
            writer.stdin.flush()
            writer.stdout.readline()

        do("SELECT 1")
        assert load_project(path).title == "Ciracas"
        do("COMMIT")
        assert load_project(path).title == "not yet"
        writer.communicate()
    assert load_project(path).title == "not yet"
