"""``python -m gisapp``, and what the frozen program starts with."""

import sys

from gisapp.cli import main


def start() -> int:
    """Run the command line; a frozen program that calls itself to read files does that only."""
    if getattr(sys, "frozen", False):
        from gisapp.io.child import WORKER_FLAG

        if sys.argv[1:] == [WORKER_FLAG]:
            from gisapp.io.worker import main as read_foreign_files

            read_foreign_files()
            return 0
    return main()


if __name__ == "__main__":
    sys.exit(start())
