"""What lies below the layers: nothing, the bundled outlines, a provider's tiles or a file's."""

from dataclasses import dataclass
from typing import Literal

BasemapKind = Literal["none", "outlines", "tiles", "file"]


@dataclass(frozen=True)
class Basemap:
    """The ground of the map.

    Parameters
    ----------
    kind : {"none", "outlines", "tiles", "file"}
        ``tiles`` come from a provider on the internet, ``file`` is an MBTiles or PMTiles file.
    name : str
        A provider's name in the catalogue of xyzservices, or a file's path; empty for the others.
        A path that is not absolute starts from the project's folder.
    opacity : float
        0 to 1, over the paper.

    Raises
    ------
    ValueError
        For any other opacity.
    """

    kind: BasemapKind = "outlines"
    name: str = ""
    opacity: float = 1.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.opacity <= 1.0:
            raise ValueError("the basemap's opacity is not between 0 and 1")


OUTLINES = Basemap()
