"""The errors that users are meant to see.

Lower rooms raise `GisappError`; one boundary in ``cli.main`` and one in ``ui`` show it.
Any other exception is a bug and keeps its traceback.
"""


class GisappError(Exception):
    """Data or a request that cannot be served.

    Parameters
    ----------
    message : str
        One sentence: what is wrong, naming the file, layer, column or value.
    remedy : str
        One sentence: what the user can do about it.
    """

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class Cancelled(Exception):  # noqa: N818 - a wish of the user's, not an error
    """The user asked for the work to stop; nothing was changed."""
