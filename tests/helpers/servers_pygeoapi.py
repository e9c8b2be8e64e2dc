"""A real server of OGC API – Features: pygeoapi, in a process of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

_START = """
import warnings
warnings.simplefilter("ignore")
from pygeoapi.flask_app import APP
from werkzeug.serving import make_server
make_server("127.0.0.1", int(__import__("sys").argv[1]), APP, threaded=True).serve_forever()
"""
STARTS_WITHIN_S = 60


@contextmanager
def pygeoapi_server(folder: Path, **layers: Path) -> Iterator[str]:
    """Serve GeoJSON files as collections; give the server's address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    config, openapi = folder / "config.yml", folder / "openapi.yml"
    config.write_text(json.dumps(_config(url, layers)), "utf-8")  # JSON is YAML
    _environment = {
        **os.environ,
        "PYGEOAPI_CONFIG": str(config),
        "PYGEOAPI_OPENAPI": str(openapi),
    }
    openapi.write_text(json.dumps({"openapi": "3.0.2", "info": {}, "paths": {}}), "utf-8")
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", _START, str(port)], env=_environment, stdout=log, stderr=log
        )
    try:
        _await(port, process, folder / "log")
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _await(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"pygeoapi does not start: {log.read_text()[-2000:]}")


def _config(url: str, layers: dict[str, Path]) -> dict[str, Any]:
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": 0},
            "url": url,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": ["en-US"],
            "limits": {"default_items": 10, "max_items": 50},
            "map": {"url": "", "attribution": ""},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": "Test", "description": "Test", "keywords": ["test"],
                "keywords_type": "theme", "terms_of_service": "", "url": url,
            },
            "license": {"name": "CC0", "url": ""},
            "provider": {"name": "Nobody", "url": url},
            "contact": {"name": "Nobody"},
        },
        "resources": {name: _collection(name, path) for name, path in layers.items()},
    }  # fmt: skip


def _collection(name: str, path: Path) -> dict[str, Any]:
    return {
        "type": "collection",
        "title": name.title(),
        "description": name,
        "keywords": [name],
        "extents": {"spatial": {"bbox": [-180, -90, 180, 90],
                                "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
        "links": [],
        "providers": [
            {"type": "feature", "name": "GeoJSON", "data": str(path), "id_field": "id"}
        ],
    }  # fmt: skip
