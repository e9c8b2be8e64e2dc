"""Bytes sealed with a passphrase in the age format (age-encryption.org/v1), and opened again."""

from __future__ import annotations

import json
import subprocess
import unicodedata
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Final, Literal

from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.io.age_worker import REFUSED
from gisapp.io.child import environment, own_command
from gisapp.io.passphrases import AGE_HEADERS, WrongPassphraseError

if TYPE_CHECKING:
    from gisapp.core.progress import Progress

# As `WORKER_FLAG` of `child`.
AGE_FLAG: Final = "--work-with-age"
_POLL_S: Final = 0.1


def encrypt(data: bytes, passphrase: str, progress: Progress) -> bytes:
    """Return `data` sealed; the key is stretched by scrypt for about a second.

    Raises
    ------
    Cancelled
        Where `progress` says so.
    """
    done, reason = _asked("encrypt", data, passphrase, progress, _("Sealing"))
    if done is None:
        raise RuntimeError(f"age refuses to seal: {reason}")
    return done


def not_sealed(name: str) -> GisappError:
    """Return the error for a file that is none of the age format."""
    return GisappError(
        _("{file} is not a sealed project.").format(file=name),
        _("Choose a file (.age) that was made with “Seal for transport” or: gisapp seal"),
    )


def decrypt(data: bytes, passphrase: str, name: str, progress: Progress) -> bytes:
    """Return what `data` holds.

    Parameters
    ----------
    name : str
        What messages call the file.

    Raises
    ------
    GisappError
        Where it is no age file, is sealed otherwise than with a passphrase or with another one,
        or is damaged.
    Cancelled
        Where `progress` says so.
    """
    if not data.startswith(AGE_HEADERS):
        raise not_sealed(name)
    done, reason = _asked("decrypt", data, passphrase, progress, _("Opening the seal"))
    if done is None:
        raise _refused(name, reason)
    return done


def _asked(
    what: Literal["encrypt", "decrypt"], data: bytes, passphrase: str, progress: Progress, text: str
) -> tuple[bytes | None, str]:
    """Have the worker do it; a wish to stop ends it."""
    # The same letter can be typed as one character or as two.
    request = {"do": what, "passphrase": unicodedata.normalize("NFC", passphrase)}
    process = subprocess.Popen(
        own_command("gisapp.io.age_worker", AGE_FLAG),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    with process, ThreadPoolExecutor(1) as executor:
        answer = executor.submit(process.communicate, json.dumps(request).encode() + b"\n" + data)
        try:
            while not answer.done():
                progress.step(0, 0, text)
                wait([answer], timeout=_POLL_S)
        except BaseException:
            process.kill()
            raise
        done, said = answer.result()
    if process.returncode == 0:
        return done, ""
    reason = said.decode("utf-8", "replace").partition("\n")[0].rstrip(".")
    if process.returncode != REFUSED:
        raise RuntimeError(f"the process that works with age ended with {process.returncode}")
    return None, reason


def _refused(name: str, reason: str) -> GisappError:
    """Return the error for what age says: its words are few and fixed."""
    if reason == "Decryption failed":
        return WrongPassphraseError(
            _("This passphrase does not open {file}.").format(file=name),
            _("Mind capitals and blanks; if it is right, ask for the file to be sent again."),
        )
    if reason == "No matching keys found":
        return GisappError(
            _("{file} is sealed for a key, not with a passphrase.").format(file=name),
            _("Open it with the program age, or ask for it sealed with a passphrase."),
        )
    return GisappError(
        _("{file} is damaged, or not whole ({reason}).").format(file=name, reason=reason),
        _("Ask for the file to be sent again."),
    )
