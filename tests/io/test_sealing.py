"""A sealed project travels with its secret, and nothing but a whole one is opened."""

import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from dataclasses import replace

import pytest
from helpers.projects import assert_same_project
from helpers.small_project import small_project

from gisapp.core.errors import Cancelled, GisappError
from gisapp.core.progress import SILENT
from gisapp.io import age, keys, sealing
from gisapp.io.passphrases import WrongPassphraseError, refuse_weak
from gisapp.io.project_file import load_project, save_project
from gisapp.io.sealing import seal, unseal

UUID = "b7e3f2f4-51f6-4f0c-8f5f-3f8a1d7a0c66"
WORDS = "kuda besi lari pagi"


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    be_at(tmp_path / "here", monkeypatch)


def be_at(home, monkeypatch):
    monkeypatch.setenv("GISAPP_HOME", str(home))
    monkeypatch.setattr(keys, "_settled", set())


@pytest.fixture
def project(tmp_path):
    made = replace(small_project(), uuid=UUID, key=keys.new_key())
    save_project(made, tmp_path / "p.gpkg")
    return made


@pytest.fixture
def quick(monkeypatch):
    """Take age's layer away: what lies inside it is at stake."""
    monkeypatch.setattr(age, "encrypt", lambda data, *_others: data)
    monkeypatch.setattr(age, "decrypt", lambda data, *_others: data)


def names(folder):
    return sorted(x.name for x in folder.iterdir() if x.is_file() or x.name.startswith("."))


def test_a_project_and_its_secret_arrive_as_they_were(project, tmp_path, monkeypatch):
    sealed = tmp_path / "p.age"
    written = seal(tmp_path / "p.gpkg", sealed, WORDS)
    held = sealed.read_bytes()
    assert written.has_key
    assert (written.sha256, written.bytes) == (hashlib.sha256(held).hexdigest(), len(held))
    assert b"SQLite" not in held
    assert project.key.encode() not in held
    be_at(tmp_path / "there", monkeypatch)
    assert keys.find_key(UUID) == ""
    assert unseal(sealed, tmp_path / "q.gpkg", WORDS)
    assert (tmp_path / "q.gpkg").read_bytes() == (tmp_path / "p.gpkg").read_bytes()
    assert_same_project(load_project(tmp_path / "q.gpkg"), project)
    with pytest.raises(WrongPassphraseError, match="does not open"):
        unseal(sealed, tmp_path / "r.gpkg", f"{WORDS} ")
    sealed.write_bytes(held[:-1])
    with pytest.raises(GisappError, match="damaged"):
        unseal(sealed, tmp_path / "r.gpkg", WORDS)
    assert names(tmp_path) == ["p.age", "p.gpkg", "q.gpkg"]


@pytest.mark.skipif(not shutil.which("age"), reason="the program age is not installed")
def test_the_program_age_reads_its_header(project, tmp_path):
    """It asks for a passphrase on a terminal only, so that it is not driven further from here."""
    seal(tmp_path / "p.gpkg", tmp_path / "p.age", WORDS)
    asked = subprocess.run(
        ["age", "-d", str(tmp_path / "p.age")], stdin=subprocess.DEVNULL, start_new_session=True,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "passphrase" in asked.stderr.lower()


def test_it_is_the_age_format_with_a_passphrase_however_its_letters_are_typed():
    sealed = age.encrypt(b"rows", "r\u00e9sum\u00e9 kuda besi", SILENT)
    version, stanza = sealed.split(b"\n")[:2]
    assert version == b"age-encryption.org/v1"
    assert stanza.startswith(b"-> scrypt ")
    assert age.decrypt(sealed, "re\u0301sume\u0301 kuda besi", "p.age", SILENT) == b"rows"
    dear = sealed.replace(stanza, stanza[:-2] + b"30", 1)
    with pytest.raises(GisappError, match="Excessive"):
        age.decrypt(dear, WORDS, "p.age", SILENT)


def test_a_short_passphrase_is_refused_with_the_length_that_will_do(project, tmp_path):
    with pytest.raises(GisappError, match="fewer than 12"):
        seal(tmp_path / "p.gpkg", tmp_path / "p.age", "x" * 11)
    refuse_weak("kuda besi la")
    assert names(tmp_path) == ["p.gpkg"]


def test_stopping_leaves_nothing(project, tmp_path):
    class Stop:
        def step(self, done, total, text):
            if text == "Sealing":
                raise Cancelled

    with pytest.raises(Cancelled):
        seal(tmp_path / "p.gpkg", tmp_path / "p.age", WORDS, Stop())
    assert names(tmp_path) == ["p.gpkg"]


def test_what_is_there_is_not_overwritten(project, tmp_path, quick):
    seal(tmp_path / "p.gpkg", tmp_path / "p.age", WORDS)
    with pytest.raises(GisappError, match="exists already"):
        unseal(tmp_path / "p.age", tmp_path / "p.gpkg", WORDS)


def test_a_project_that_another_program_writes_is_not_sealed(project, tmp_path):
    (tmp_path / "p.gpkg-wal").write_bytes(b"pages")
    with pytest.raises(GisappError, match="in use"):
        seal(tmp_path / "p.gpkg", tmp_path / "p.age", WORDS)


@pytest.mark.parametrize("content", [b"", b"not age at all", b"PK\x03\x04", b"SQLite format 3\0"])
def test_a_foreign_file_is_refused_as_such(tmp_path, content):
    (tmp_path / "p.age").write_bytes(content)
    with pytest.raises(GisappError, match="not a sealed project"):
        unseal(tmp_path / "p.age", tmp_path / "q.gpkg", WORDS)


def repacked(path, change):
    """Change the members of an unsealed zip (name → bytes)."""
    with zipfile.ZipFile(path) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in change(members).items():
            packed.writestr(name, content)


def described(members, **changed):
    manifest = json.loads(members["manifest.json"]) | changed
    return {**members, "manifest.json": json.dumps(manifest)}


def with_project(members, content):
    sha256 = hashlib.sha256(content).hexdigest()
    return {**described(members, bytes=len(content), sha256=sha256), "project.gpkg": content}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda x: {**x, "../../.bashrc": b"evil"}, "not a gisapp project"),
        (lambda x: {"project.gpkg": x["project.gpkg"]}, "not a gisapp project"),
        (lambda x: {**x, "manifest.json": b"{}"}, "not a gisapp project"),
        (lambda x: {**x, "manifest.json": b" " * 5000}, "not a gisapp project"),
        (lambda x: {**x, "project.gpkg": x["project.gpkg"] + b"x"}, "not a gisapp project"),
        (lambda x: {**x, "project.gpkg": x["project.gpkg"][:-1]}, "not a gisapp project"),
        (lambda x: {**x, "project.key": b"00" * 32}, "not a gisapp project"),
        (lambda x: {**x, "project.key": b"not hex"}, "not a gisapp project"),
        (lambda x: described(x, format=2), "newer gisapp"),
        (lambda x: described(x, bytes=5 << 30), "larger than"),
        (lambda x: with_project(x, b"SQLite format 3\0" + b"junk" * 500), "damaged"),
        (lambda x: with_project(x, b"name;lat;lon\n"), "not a gisapp project"),
    ],
)
def test_nothing_but_a_whole_project_is_opened(project, tmp_path, quick, change, said):
    seal(tmp_path / "p.gpkg", tmp_path / "p.age", WORDS)
    repacked(tmp_path / "p.age", change)
    with pytest.raises(GisappError, match=said):
        unseal(tmp_path / "p.age", tmp_path / "q.gpkg", WORDS)
    assert names(tmp_path) == ["p.age", "p.gpkg"]


def test_a_broken_zip_is_refused(project, tmp_path, quick):
    seal(tmp_path / "p.gpkg", tmp_path / "p.age", WORDS)
    held = bytearray((tmp_path / "p.age").read_bytes())
    held[200:260] = bytes(60)
    (tmp_path / "p.age").write_bytes(held)
    with pytest.raises(GisappError, match="not a gisapp project"):
        unseal(tmp_path / "p.age", tmp_path / "q.gpkg", WORDS)


def test_too_much_is_refused_either_way(project, tmp_path, quick, monkeypatch):
    monkeypatch.setattr(sealing, "SEALED_LIMIT_BYTES", 1000)
    with pytest.raises(GisappError, match="larger than"):
        seal(tmp_path / "p.gpkg", tmp_path / "p.age", WORDS)
    (tmp_path / "p.age").write_bytes(bytes(2 << 20))
    with pytest.raises(GisappError, match="larger than"):
        unseal(tmp_path / "p.age", tmp_path / "q.gpkg", WORDS)


def test_a_bomb_is_stopped_at_what_its_manifest_says(project, tmp_path, quick):
    seal(tmp_path / "p.gpkg", tmp_path / "p.age", WORDS)
    repacked(tmp_path / "p.age", lambda x: {**x, "project.gpkg": bytes(64 << 20)})
    told = []

    class Told:
        def step(self, done, total, text):
            told.append(done)

    with pytest.raises(GisappError, match="not a gisapp project"):
        unseal(tmp_path / "p.age", tmp_path / "q.gpkg", WORDS, Told())
    assert max(told) < 4 << 20


def test_a_project_whose_secret_is_elsewhere_is_sealed_without_one(
    project, tmp_path, quick, monkeypatch
):
    be_at(tmp_path / "there", monkeypatch)
    assert not seal(tmp_path / "p.gpkg", tmp_path / "p.age", WORDS).has_key
    with zipfile.ZipFile(io.BytesIO((tmp_path / "p.age").read_bytes())) as packed:
        assert sorted(packed.namelist()) == ["manifest.json", "project.gpkg"]
    assert not unseal(tmp_path / "p.age", tmp_path / "q.gpkg", WORDS)
