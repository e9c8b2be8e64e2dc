"""``python -m gisapp``, and what the frozen program starts with."""

import sys

from gisapp.cli import main


def start() -> int:
    """Run the command line; a frozen program that calls itself as a helper does that only."""
    if getattr(sys, "frozen", False):
        from gisapp.io.age import AGE_FLAG
        from gisapp.io.child import WORKER_FLAG
        from gisapp.io.frame_writing import FRAME_FLAG

        if sys.argv[1:] == [WORKER_FLAG]:
            from gisapp.io.worker import main as read_foreign_files

            read_foreign_files()
            return 0
        if sys.argv[1:] == [AGE_FLAG]:
            from gisapp.io.age_worker import main as work_with_age

            return work_with_age()
        if sys.argv[1:] == [FRAME_FLAG]:
            from gisapp.io.frame_worker import main as write_a_frame

            return write_a_frame()
    return main()


if __name__ == "__main__":
    sys.exit(start())
