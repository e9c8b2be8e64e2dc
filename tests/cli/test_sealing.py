"""Sealing from the command line: the passphrase is never an argument, the ledger knows of it."""

import json

import pytest
from helpers.small_project import small_project

from gisapp.cli import main
from gisapp.io import age
from gisapp.io.project_file import load_project, save_project

WORDS = "kuda besi lari pagi"
MAGIC = b"age-encryption.org/v1\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setattr(
        age, "encrypt", lambda data, passphrase, *_: MAGIC + passphrase.encode() + data
    )
    monkeypatch.setattr(
        age, "decrypt", lambda data, passphrase, *_: data[len(MAGIC) + len(passphrase) :]
    )
    save_project(small_project(), tmp_path / "p.gpkg")
    return tmp_path / "p.gpkg"


def test_there_and_back(project, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("GISAPP_PASSPHRASE", WORDS)
    sealed, back = tmp_path / "p.age", tmp_path / "q.gpkg"
    assert main(["seal", str(project), str(sealed), "--recipient", "LBH", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said.keys() == {"file", "sha256", "bytes", "recipient", "has_key"}
    *_earlier, record = load_project(project).exports
    assert (record.file, record.preset, record.recipient) == ("p.age", "sealed", "LBH")
    assert record.sha256 == said["sha256"]
    words = tmp_path / "words.txt"
    words.write_text(f"{WORDS}\nanother line\n")
    assert main(["unseal", str(sealed), str(back), "--passphrase-file", str(words)]) == 0
    assert "opened as" in capsys.readouterr().out
    assert len(load_project(back).layers) == len(load_project(project).layers)


def test_without_a_terminal_somebody_has_to_say_it(project, tmp_path, capsys):
    assert main(["seal", str(project), str(tmp_path / "p.age")]) == 3
    assert "--passphrase-file" in capsys.readouterr().err
    assert [x.preset for x in load_project(project).exports] == ["public"]


@pytest.mark.parametrize("words", ["", "short", "a" * 20, "0812 9876 5401"])
def test_a_weak_passphrase_leaves_everything_as_it_was(project, tmp_path, capsys, words):
    (tmp_path / "words.txt").write_text(words)
    before = project.read_bytes()
    arguments = ["seal", str(project), str(tmp_path / "p.age")]
    assert main([*arguments, "--passphrase-file", str(tmp_path / "words.txt")]) == 3
    assert "four or more words" in capsys.readouterr().err
    assert project.read_bytes() == before
    assert not (tmp_path / "p.age").exists()


def test_what_is_there_is_not_overwritten(project, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("GISAPP_PASSPHRASE", WORDS)
    (tmp_path / "p.age").write_text("precious")
    assert main(["seal", str(project), str(tmp_path / "p.age")]) == 3
    assert main(["unseal", str(tmp_path / "p.age"), str(project)]) == 3
    assert capsys.readouterr().err.count("exists already") == 2
    assert (tmp_path / "p.age").read_text() == "precious"


@pytest.mark.parametrize("content", [None, b"no seal"])
def test_what_is_not_sealed_is_told_before_a_passphrase_is_asked_for(tmp_path, capsys, content):
    if content:
        (tmp_path / "p.age").write_bytes(content)
    assert main(["unseal", str(tmp_path / "p.age"), str(tmp_path / "q.gpkg")]) == 3
    assert "--passphrase-file" not in capsys.readouterr().err


@pytest.mark.parametrize("command", ["info", "check"])
def test_a_sealed_project_is_called_so(tmp_path, capsys, command):
    (tmp_path / "p.age").write_bytes(MAGIC + b"-> scrypt")
    assert main([command, str(tmp_path / "p.age")]) == 3
    said = capsys.readouterr().err
    assert "sealed project" in said
    assert "gisapp unseal" in said
