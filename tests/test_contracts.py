"""What holds for the repository as a whole: rooms, banned names, light start, clean files."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = ("PySide6", "pandas", "numpy", "geopandas", "shapely", "pyogrio", "pyproj", "folium")

# Directories of one machine (this one's among them), and where a registry or a mirror is served.
HERE = "|".join(re.escape(str(path).strip("/")) for path in (ROOT, Path.home()))
MACHINE_PATH = re.compile(rf"(?<![\w.)}}/])/(?:work|root|{HERE})/\w")
REGISTRY_ADDRESS = re.compile(
    r"https?://[^\s\"')]*/simple\b|index-url\s*=?\s*https?:|pythonhosted\."
)


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def tracked_texts() -> Iterator[tuple[str, str]]:
    listing = run("git", "ls-files")
    if listing.returncode:
        pytest.skip("not a git checkout: the tracked files are not known")
    for name in listing.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and b"\0" not in (content := path.read_bytes())[:4096]:
            yield name, content.decode("utf-8", errors="replace")


def found(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}: {match[0]}" for name, text in tracked_texts() for match in pattern.finditer(text)
    ]


def test_a_room_imports_only_downward() -> None:
    answer = run(str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo")
    assert answer.returncode == 0, answer.stdout


def test_no_banned_name_is_used() -> None:
    answer = run(sys.executable, "-m", "ruff", "check", "--select", "TID251", "gisapp")
    assert answer.returncode == 0, answer.stdout


def test_the_command_line_starts_light() -> None:
    code = "import sys, gisapp.cli; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    answer = run(sys.executable, "-c", code)
    assert answer.returncode == 0, answer.stderr
    assert not set(HEAVY) & set(answer.stdout.split())


def test_no_tracked_file_names_a_directory_of_one_machine() -> None:
    assert found(MACHINE_PATH) == []


def test_no_tracked_file_names_the_address_of_a_registry() -> None:
    assert found(REGISTRY_ADDRESS) == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (MACHINE_PATH, f"open('{ROOT}/data.gpkg')"),
        (MACHINE_PATH, "see /" + "work/main for it"),
        (REGISTRY_ADDRESS, "--index-" + "url https://mirror.example/pypi"),
        (REGISTRY_ADDRESS, "https://mirror.example:8080/pypi/" + "simple/"),
    ],
)
def test_the_search_would_find_one(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)
