"""What the system keeps of a process that dies: nothing, since it would hold people's data."""

import contextlib


def write_no_core() -> None:
    """Have this process and those that it starts leave no core file; Windows writes none."""
    with contextlib.suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
