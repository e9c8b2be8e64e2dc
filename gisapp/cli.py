"""The command line: commands parse, call and print."""


def main() -> int:
    """Run a command and return its exit code."""
    raise NotImplementedError
