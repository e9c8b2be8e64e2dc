"""The ground of the tests holds."""

import os
import socket

import pytest


def test_a_test_cannot_reach_the_network() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"reached for the network: 192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_a_test_cannot_look_up_a_host() -> None:
    with pytest.raises(pytest.fail.Exception, match="reached for the network"):
        socket.getaddrinfo("example.org", 443)


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


def test_the_home_is_the_tests_own(gisapp_home: object) -> None:
    assert os.environ["GISAPP_HOME"] == str(gisapp_home)
