"""One ground for every test: no network, no display, no home directory, no chance."""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from gisapp.core import words

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for variable in ("GISAPP_LANG", "LC_ALL", "LC_MESSAGES"):
    os.environ.pop(variable, None)
os.environ["LANG"] = "C.UTF-8"
# No test touches the keyring of whoever runs it; tests/helpers/keyrings.py has one of its own.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
# Compiling takes seconds: what one run compiled serves the next.
KERNELS = Path(__file__).parents[1] / ".pytest_cache" / "kernels"
os.environ.setdefault("NUMBA_CACHE_DIR", str(KERNELS))

settings.register_profile("repository", derandomize=True, deadline=None)
settings.load_profile("repository")

LOCAL_HOSTS = frozenset({"127.0.0.1", "::1", "localhost", ""})


@pytest.fixture(scope="session", autouse=True)
def gisapp_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Settings, keys and caches of the tests lie in a directory of their own."""
    home = tmp_path_factory.mktemp("gisapp-home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GISAPP_HOME", str(home))
        yield home


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Every test starts in English, whatever the one before it chose."""
    words.set_language("en")
    yield
    words.set_language("en")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that connects to, or looks up, another machine."""
    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    resolve = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        _refuse_elsewhere(host)
        return resolve(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def _guarded(connect: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _refuse_elsewhere(address[0])
        return connect(self, address)

    return guarded


def _refuse_elsewhere(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name is not None and name not in LOCAL_HOSTS:
        pytest.fail(f"a test reached for the network: {name}")
