"""The wheel holds what git tracks, all of it and nothing else, and works where it is unpacked."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[2]
SHIPPED = {
    "gisapp/": "gisapp/",
    "layers/": "gisapp/bundled/layers/",
    "styles/": "gisapp/bundled/styles/",
}
STRAYS = (
    "gisapp/core/__pycache__/words.cpython-311.pyc",
    "layers/.hypothesis/x",
    "styles/out.egg-info/y",
)


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    listing = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listing.returncode:
        pytest.skip("not a git checkout: the tracked files are not known")
    return listing.stdout.splitlines()


@pytest.fixture(scope="module")
def wheel(tracked: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build from a copy of the tracked files, with git-ignored ones lying about."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in tracked:
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((ROOT / name).read_bytes())
    for name in STRAYS:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text("stray")
    (built,) = WheelBuilder(str(copy)).build(directory=str(copy / "dist"), versions=["standard"])
    return Path(built)


def test_the_wheel_holds_the_tracked_files_and_nothing_else(
    wheel: Path, tracked: list[str]
) -> None:
    expected = {
        inside + name.removeprefix(folder)
        for name in tracked
        for folder, inside in SHIPPED.items()
        if name.startswith(folder) and (ROOT / name).is_file()
    }
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == expected


def test_the_wheel_carries_the_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert any(name.endswith(".dist-info/licenses/LICENSE") for name in archive.namelist())


def test_what_is_bundled_is_found_where_the_wheel_is_unpacked(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = (
        "import gisapp; from gisapp.io.bundled import bundled; from pathlib import Path;"
        "print(gisapp.__file__);"
        "print(bundled('layers') / 'catalogue.toml'); print(*Path(bundled('styles')).iterdir())"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=True,
    )
    module, catalogue, styles = answer.stdout.splitlines()
    assert Path(module).is_relative_to(tmp_path)
    assert Path(catalogue).is_relative_to(tmp_path)
    assert Path(catalogue).is_file()
    assert ".toml" in styles
