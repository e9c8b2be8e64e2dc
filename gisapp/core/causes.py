"""Why something failed, in the user's language: what the system and parsers say in English."""

import errno
import re

from gisapp.core.words import N_, _

_BY_NUMBER = {
    errno.ENOENT: N_("it does not exist"),
    errno.EACCES: N_("access is denied"),
    errno.EPERM: N_("access is denied"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT: N_("your share of the disk is full"),
    errno.EFBIG: N_("it is larger than the disk allows"),
    errno.EROFS: N_("the disk can only be read"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENOTDIR: N_("a part of its path is no folder"),
    errno.EEXIST: N_("it exists already"),
    errno.ENOTEMPTY: N_("the folder is not empty"),
    errno.ENAMETOOLONG: N_("its name is too long"),
    errno.EIO: N_("the disk does not answer as it should"),
    errno.ENXIO: N_("the disk does not answer as it should"),
    errno.ENODEV: N_("the disk does not answer as it should"),
    errno.ESTALE: N_("the disk does not answer as it should"),
    errno.EBUSY: N_("another program is using it"),
    errno.ETXTBSY: N_("another program is using it"),
    errno.ELOOP: N_("it is a link to itself"),
    errno.EXDEV: N_("it is on another disk"),
    errno.EMFILE: N_("too many files are open"),
    errno.ENFILE: N_("too many files are open"),
    errno.ENOMEM: N_("the memory is full"),
    errno.ECONNREFUSED: N_("it accepts no connection"),
    errno.ECONNRESET: N_("it broke off the connection"),
    errno.ECONNABORTED: N_("it broke off the connection"),
    errno.EPIPE: N_("it broke off the connection"),
    errno.ETIMEDOUT: N_("it does not answer"),
    errno.EHOSTUNREACH: N_("no network leads to it"),
    errno.ENETUNREACH: N_("no network leads to it"),
    errno.EHOSTDOWN: N_("no network leads to it"),
    errno.ENETDOWN: N_("this computer is offline"),
}
_IN_USE_ON_WINDOWS = (32, 33)  # sharing and lock violations, whose errno is that of no right


def why(error: OSError) -> str:
    """Say in a few words, without a full stop, why the system refused.

    Parameters
    ----------
    error : OSError
        Any; what is not known here, and what libraries number in their own way (name resolution,
        TLS), keeps its own words.

    Returns
    -------
    str
        To follow a colon: ``the disk is full``.
    """
    if getattr(error, "winerror", None) in _IN_USE_ON_WINDOWS:
        return _("another program is using it")
    known = _BY_NUMBER.get(error.errno or 0) if type(error).__module__ == "builtins" else None
    if known:
        return _(known)
    return (error.strerror or str(error) or type(error).__name__).rstrip(".")


def why_no_toml(error: ValueError) -> str:
    """Say in a few words, without a full stop, what `tomllib` or the decoding of its text met."""
    if isinstance(error, UnicodeDecodeError):
        return _("it is not text")
    place = re.search(r"at line (\d+), column (\d+)", str(error))
    if place is not None:
        return _("line {line}, column {column} is no TOML").format(line=place[1], column=place[2])
    if "at end of document" in str(error):
        return _("its last line is unfinished TOML")
    return _("a number in it is too long")  # int() refuses it, without a place
