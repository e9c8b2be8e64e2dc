"""KoboToolbox against a stub of its API: tables as its own export has them, and nothing kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.servers import stub_server
from helpers.servers_kobo import TOKEN, UID, KoboStub, submission
from keyring.backend import KeyringBackend
from keyring.backends import fail

from gisapp.core.errors import GisappError
from gisapp.core.progress import SILENT
from gisapp.io.importer import import_layer
from gisapp.io.linker import link_table
from gisapp.io.project_file import create_project
from gisapp.io.reading import read_source
from gisapp.io.services import bringing
from gisapp.io.services.addresses import recognise
from gisapp.io.services.bringing import list_layers, read_service
from gisapp.io.services.kobo_tables import Form, write_tables
from gisapp.io.services.tokens import find_token, keep_token

FORM = f"/#/forms/{UID}/summary"


class Remembers(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture(autouse=True)
def ring(monkeypatch: pytest.MonkeyPatch) -> Remembers:
    """No test asks the keyring of the machine."""
    ring = Remembers()
    monkeypatch.setattr("keyring.core._keyring_backend", ring)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "one.is.set")
    monkeypatch.delenv("GISAPP_KOBO_TOKEN", raising=False)
    return ring


def test_the_surveys_of_an_account_and_the_sheets_of_one_are_listed() -> None:
    with stub_server(KoboStub()) as server:
        whole = list_layers(recognise(f"kobo:{server.url}"), TOKEN)
        one = list_layers(recognise(server.url + FORM), TOKEN)
        assert list_layers(recognise(f"kobo:{server.url}#{UID}"), TOKEN) == one
    assert [(x.name, x.features) for x in whole.layers] == [("Survei Ciracas", 5)]
    assert [(x.name, x.features, x.geometry) for x in one.layers] == [
        ("Survei Ciracas", 5, "Point"),
        ("usaha", None, "table"),
    ]
    assert one.layers[0].columns[:4] == ("start", "anggota", "status_tinggal", "rumah")


def test_a_survey_has_the_columns_of_its_own_export() -> None:
    with stub_server(KoboStub()) as server:
        families, businesses = read_service(recognise(server.url + FORM), token=TOKEN).tables
    first = families.columns.iloc[0]
    assert first["rumah"] == "-6.3290 106.8700 30.5 5.2"
    assert first["_rumah_latitude"] == "-6.3290"
    assert first["_rumah_precision"] == "5.2"
    assert families.columns["_index"].tolist() == ["1", "2", "3", "4", "5"]
    assert not {"usaha", "_submitted_by", "_attachments"} & set(families.columns)
    assert businesses.columns.iloc[-1].to_dict() == {
        "id_usaha": "B51",
        "bagian": "0.5",
        "_index": "6",
        "_parent_table_name": "Survei Ciracas",
        "_parent_index": "5",
        "_submission__id": "1005",
        "_submission__uuid": "uuid-5",
    }


def test_a_repeat_group_finds_its_household() -> None:
    with stub_server(KoboStub()) as server:
        source = read_service(recognise(server.url + FORM), token=TOKEN)
    project = create_project()
    families = import_layer(
        project, source, "households", sheet="Survei Ciracas", fields={"id": "_uuid"}
    )
    assert families.frame["id"].tolist() == [f"uuid-{x}" for x in range(1, 6)]
    table = link_table(
        project.with_layer(families),
        source,
        "operates",
        sheet="usaha",
        fields={"business_id": "id_usaha", "income_share": "bagian"},
        progress=SILENT,
    )
    assert table.frame["household_id"].tolist() == [
        "uuid-1", "uuid-2", "uuid-2", "uuid-4", "uuid-5", "uuid-5",
    ]  # fmt: skip


def test_groups_in_groups_and_earlier_questions_have_their_places(tmp_path: Path) -> None:
    rows = [
        {"type": "begin_repeat", "name": "usaha"},
        {"type": "text", "name": "nama"},
        {"type": "begin_repeat", "name": "pekerja"},
        {"type": "text", "name": "nama"},
        {"type": "end_repeat"},
        {"type": "end_repeat"},
        {"type": "text", "name": "catatan"},
    ]
    workers = [{"usaha/pekerja/nama": "W1"}, {"usaha/pekerja/nama": 'W"2\n'}]
    record = {
        "_id": 1,
        "_uuid": "u",
        "lama": "07",
        "usaha": [{"usaha/nama": "B1"}, {"usaha/nama": "B2", "usaha/pekerja": workers}],
        "dulu": [{"dulu/x": "1"}],
    }
    path = write_tables(tmp_path / "s.zip", Form("S/1", rows, 1), [record])
    tables = {x.name: x.columns for x in read_source(path).tables}
    assert list(tables) == ["S_1", "usaha", "pekerja", "dulu"]
    assert tables["S_1"]["lama"].tolist() == ["07"]
    assert tables["pekerja"]["nama"].tolist() == ["W1", 'W"2\n']
    assert tables["pekerja"]["_parent_index"].tolist() == ["2", "2"]
    assert tables["pekerja"]["_parent_table_name"].tolist() == ["usaha", "usaha"]


def test_a_survey_that_does_not_come_whole_is_refused() -> None:
    refused = pytest.raises(GisappError, match="counts 9 features but gives 5")
    with stub_server(KoboStub(counts=9)) as server, refused:
        read_service(recognise(server.url + FORM), token=TOKEN)


def test_nothing_of_a_survey_stays_on_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path))
    with stub_server(KoboStub(counts=9)) as server, pytest.raises(GisappError):
        read_service(recognise(server.url + FORM), token=TOKEN)
    with stub_server(KoboStub()) as server:
        source = read_service(recognise(server.url + FORM), token=TOKEN)
    left = b"".join(x.read_bytes() for x in tmp_path.rglob("*") if x.is_file())
    for marker in (TOKEN, "uuid-1", str(submission(1)["_id"])):
        assert marker.encode() not in left
    assert TOKEN not in source.path


def test_a_token_comes_from_the_environment_or_the_keyring(
    monkeypatch: pytest.MonkeyPatch, ring: Remembers
) -> None:
    with stub_server(KoboStub()) as server:
        address = recognise(server.url + FORM)
        with pytest.raises(GisappError, match="asks for a login"):
            list_layers(address)
        keep_token(address.host, TOKEN)
        assert list_layers(address).layers
        assert ring.kept == {("gisapp", address.host): TOKEN}
        keep_token(address.host, "")
        assert ring.kept == {}
        monkeypatch.setenv("GISAPP_KOBO_TOKEN", f"kf.example.org=T0 {address.host}={TOKEN}")
        assert list_layers(address).layers


@pytest.mark.parametrize(
    ("said", "error"), [("kf.example.org=T0", "asks for a login"), (TOKEN, "which host its token")]
)
def test_a_token_of_the_environment_goes_to_no_other_host(
    monkeypatch: pytest.MonkeyPatch, said: str, error: str
) -> None:
    monkeypatch.setenv("GISAPP_KOBO_TOKEN", said)
    with stub_server(KoboStub()) as server, pytest.raises(GisappError, match=error):
        list_layers(recognise(server.url + FORM))


def test_without_a_keyring_a_token_is_not_found_and_cannot_be_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("keyring.core._keyring_backend", fail.Keyring())
    assert find_token("GISAPP_KOBO_TOKEN", "kf.example.org") == ""
    with pytest.raises(GisappError, match="keyring cannot keep"):
        keep_token("kf.example.org", TOKEN)


def test_a_survey_cannot_be_asked_for_an_area() -> None:
    with pytest.raises(GisappError, match="cannot be asked for an area"):
        bringing.read_service(recognise("https://kf.kobotoolbox.org"), bounds=(1, 2, 3, 4))
