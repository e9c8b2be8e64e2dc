"""The command line: commands parse, call and print (the contract is ``docs/cli.md``).

Importing this room loads neither Qt nor pandas nor folium; each command brings in what it needs.
"""

import sys
from collections.abc import Sequence

from gisapp.core.errors import Cancelled, GisappError
from gisapp.core.words import language_of_environment, set_language

EXIT_REFUSED = 3
EXIT_INTERRUPTED = 130


def main(args: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0 done, 2 wrong usage, 3 the data or the request cannot be served, 130 interrupted.
    A bug keeps its traceback and ends the process with 1.
    """
    from typer.main import get_command

    from gisapp.cli.commands import app
    from gisapp.cli.printing import refuse

    set_language(language_of_environment())
    try:
        get_command(app).main(args=args, prog_name="gisapp")
    except GisappError as error:
        refuse(error)
        return EXIT_REFUSED
    except (Cancelled, KeyboardInterrupt):
        return EXIT_INTERRUPTED
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    finally:
        sys.stdout.flush()
    return 0
