"""Why a server gave no answer, in the user's language."""

import errno
import http.client
import os
import socket
import ssl
import urllib.error

import pytest

from gisapp.core import words
from gisapp.io.web import reason_of


def untrusted(code: int, said: str) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, f"certificate verify failed: {said}")
    error.verify_code, error.verify_message = code, said
    return error


@pytest.mark.parametrize(
    ("error", "english", "indonesian"),
    [
        (TimeoutError("timed out"), "it is too slow", "terlalu lambat"),
        (
            socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
            "its name is not found, or this computer is offline",
            "namanya tidak ditemukan, atau komputer ini sedang luring",
        ),
        (
            OSError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED)),
            "it accepts no connection",
            "tidak menerima koneksi",
        ),
        (
            http.client.RemoteDisconnected("Remote end closed connection without response"),
            "it broke off the connection",
            "koneksi diputus olehnya",
        ),
        (http.client.IncompleteRead(b"", 5), "its answer was cut off", "jawabannya terputus"),
        (
            http.client.BadStatusLine("HELLO"),
            "its answer is none of the web's",
            "jawabannya bukan jawaban server web",
        ),
        (
            ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number"),
            "no secure connection to it can be made",
            "koneksi aman ke sana tidak dapat dibuat",
        ),
        (
            untrusted(10, "certificate has expired"),
            "its certificate has expired",
            "sertifikatnya sudah kedaluwarsa",
        ),
        (untrusted(66, "EE certificate key too weak"), *["EE certificate key too weak"] * 2),
    ],
)
def test_why_no_answer_came_is_told_in_the_language_in_force(error, english, indonesian):
    assert reason_of(error) == english
    assert reason_of(urllib.error.URLError(error)) == english
    with words.speaking("id"):
        assert reason_of(error) == indonesian
