"""Causes: the system's reasons in the user's language."""

import errno
import os
import socket
import ssl
import tomllib

import pytest

from gisapp.core import words
from gisapp.core.causes import why, why_no_toml


def of(number: int) -> OSError:
    return OSError(number, os.strerror(number), "/srv/a.csv")


@pytest.mark.parametrize(
    ("number", "english", "indonesian"),
    [
        (errno.ENOENT, "it does not exist", "tidak ada"),
        (errno.EACCES, "access is denied", "akses ditolak"),
        (errno.EPERM, "access is denied", "akses ditolak"),
        (errno.ENOSPC, "the disk is full", "cakram penuh"),
        (errno.EROFS, "the disk can only be read", "cakramnya hanya dapat dibaca"),
        (errno.EISDIR, "it is a folder", "itu sebuah folder"),
        (errno.ECONNREFUSED, "it accepts no connection", "tidak menerima koneksi"),
    ],
)
def test_what_the_system_says_is_said_in_the_language_in_force(number, english, indonesian):
    assert why(of(number)) == english
    with words.speaking("id"):
        assert why(of(number)) == indonesian


@pytest.mark.parametrize(
    "number",
    [
        *(errno.ENOENT, errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT, errno.EFBIG),
        *(errno.EROFS, errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOTEMPTY),
        *(errno.ENAMETOOLONG, errno.EIO, errno.EBUSY, errno.ETXTBSY, errno.ELOOP, errno.EXDEV),
        *(errno.EMFILE, errno.ENFILE, errno.ECONNREFUSED, errno.ECONNRESET, errno.EPIPE),
        *(errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ENETUNREACH),
    ],
)
def test_the_usual_reasons_are_not_the_system_s_words(number):
    english = why(of(number))
    assert english != os.strerror(number)
    with words.speaking("id"):
        assert why(of(number)) not in (english, os.strerror(number))


def test_a_file_that_another_program_has_open_on_windows_is_not_forbidden():
    shared = of(errno.EACCES)
    shared.winerror = 32
    assert why(shared) == "another program is using it"


def test_what_is_not_known_keeps_the_system_s_words():
    assert why(of(errno.EILSEQ)) == os.strerror(errno.EILSEQ)
    assert why(OSError("the tape tore.")) == "the tape tore"
    assert why(OSError()) == "OSError"


@pytest.mark.parametrize("error", [ssl.SSLError(1, "bad record"), socket.gaierror(2, "no name")])
def test_numbers_of_a_library_s_own_are_not_taken_for_the_system_s(error):
    assert why(error) == error.strerror


@pytest.mark.parametrize(
    ("text", "english", "indonesian"),
    [
        ("a = = 1", "line 1, column 5 is no TOML", "baris 1, kolom 5 bukan TOML"),
        ("a = " + "1" * 5000, "a number in it is too long", "sebuah bilangannya terlalu panjang"),
        (b"\xff", "it is not text", "ini bukan teks"),
        (
            'a = "',
            "its last line is unfinished TOML",
            "baris terakhirnya adalah TOML yang belum selesai",
        ),
    ],
)
def test_why_a_text_is_no_toml(text, english, indonesian):
    with pytest.raises(ValueError) as error:  # noqa: PT011 - tomllib's and int()'s
        tomllib.loads(text if isinstance(text, str) else text.decode())
    assert why_no_toml(error.value) == english
    with words.speaking("id"):
        assert why_no_toml(error.value) == indonesian
