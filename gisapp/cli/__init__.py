"""The command line: commands parse, call and print (the contract is ``docs/cli.md``).

Importing this room loads neither Qt nor pandas nor folium; each command brings in what it needs.
"""

import _thread
import gc
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType, TracebackType

from gisapp.core.dumps import write_no_core

EXIT_REFUSED = 3
EXIT_INTERRUPTED = 130

# A command lives a second or two and makes few cycles; looking for them every 700 objects takes
# a tenth of it.
_GARBAGE_AFTER_OBJECTS = 100_000
ASK_AGAIN_S = 0.05


def main(args: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0 done, 2 wrong usage, 3 the data or the request cannot be served, 130 interrupted.
    A bug keeps its traceback, without anybody's data, and ends the process with 1.

    Parameters
    ----------
    args : sequence of str, optional
        The process's own where missing; the process then ends with this command.
    """
    if args is None:
        sys.excepthook = _tell_bug
        write_no_core()
    with _noting_interrupts() as interrupts:
        try:
            code = _run(args)
        except BaseException:
            # a library may have made an error of its own of the interrupt that it met
            if interrupts:
                return EXIT_INTERRUPTED
            raise
    if args is None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # what is done is not called interrupted
    return EXIT_INTERRUPTED if interrupts and code != 0 else code


def _run(args: Sequence[str] | None) -> int:
    from typer.main import get_command

    from gisapp.cli.commands import app
    from gisapp.cli.printing import finish, refuse
    from gisapp.cli.spoken import asked_language, translated
    from gisapp.core.errors import Cancelled, GisappError
    from gisapp.core.words import language_of_environment, set_language

    gc.set_threshold(_GARBAGE_AFTER_OBJECTS)
    asked = asked_language(sys.argv[1:] if args is None else args)
    set_language(asked or language_of_environment())
    try:
        translated(get_command(app)).main(args=args, prog_name="gisapp")
    except GisappError as error:
        refuse(error)
        return EXIT_REFUSED
    except (Cancelled, KeyboardInterrupt):
        return EXIT_INTERRUPTED
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    finally:
        finish()
    return 0


def _tell_bug(
    kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
) -> None:
    from gisapp.core.tracebacks import redacted

    sys.stderr.write(redacted(error, kind, trace))


@contextmanager
def _noting_interrupts() -> Iterator[list[int]]:
    """Give a list that is no longer empty once Ctrl-C was pressed."""
    noted: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        noted.append(number)
        if _importing(frame):
            threading.Timer(ASK_AGAIN_S, _thread.interrupt_main).start()
        else:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note)
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, before)


def _importing(frame: FrameType | None) -> bool:
    """Say whether a module is being loaded: Qt's and numpy's abort where that is broken off."""
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False
