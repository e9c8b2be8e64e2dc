"""The process that works with age: its library holds the interpreter for seconds.

Standard input is one line of JSON, ``{"do": "encrypt" | "decrypt", "passphrase": …}``, and then
the bytes to work on; standard output the bytes that come of it. What the library refuses ends the
process with `REFUSED`, its reason on standard error.
"""

from __future__ import annotations

import json
import sys
from typing import Final

from gisapp.core.dumps import write_no_core

REFUSED: Final = 3


def main() -> int:
    """Serve the one request and return the exit code."""
    from pyrage import (  # type: ignore[import-untyped]  # it ships no types
        DecryptError,
        EncryptError,
        passphrase,
    )

    write_no_core()
    request = json.loads(sys.stdin.buffer.readline())
    work = {"encrypt": passphrase.encrypt, "decrypt": passphrase.decrypt}[request["do"]]
    try:
        made = work(sys.stdin.buffer.read(), request["passphrase"])
    except (DecryptError, EncryptError) as error:
        sys.stderr.write(str(error))
        return REFUSED
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
