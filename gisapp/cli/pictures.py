"""The options of a picture: what each means, and which of them do not go together."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperCommand

from gisapp.core.words import N_, _, number

if TYPE_CHECKING:
    from gisapp.export.settings import PictureSettings

_PICTURES = (".png", ".svg", ".pdf")
_LEAST_DPI, _MOST_DPI = 30, 1200
_LEAST_SCALE, _MOST_SCALE = 10, 1_000_000_000
_AN_EXTENT = "106.86,-6.37,106.90,-6.29"
_ADMIN = "admin"

Paper = Annotated[
    Literal["a4", "a3"] | None, typer.Option(help=N_("The sheet's paper; A4 where left out."))
]
Orientation = Annotated[
    Literal["auto", "portrait", "landscape"] | None,
    typer.Option(help=N_("By default whichever shows the map larger.")),
]
Arrangement = Annotated[
    Literal["sheet", "map"] | None,
    typer.Option("--layout", help=N_("A sheet with legend and sources, or the map alone.")),
]
Dpi = Annotated[int | None, typer.Option(help=N_("Resolution of a PNG; 200 where left out."))]
Size = Annotated[
    str | None,
    typer.Option(metavar="WxH", help=N_("A PNG of the map alone, so many pixels large.")),
]
Scale = Annotated[
    float | None,
    typer.Option(help=N_("5000 for 1:5,000; by default the nearest round scale that shows all.")),
]
Extent = Annotated[
    str | None,
    typer.Option(
        "--bounds", metavar="W,S,E,N", help=N_("The extent, in degrees or the project's metres.")
    ),
]
Area = Annotated[
    str | None,
    typer.Option(help=N_("Id, code or name of one area to show, of the admin layer or --atlas.")),
]
Grid = Annotated[
    Literal["none", "ticks", "lines"] | None,
    typer.Option(help=N_("Coordinates at the frame, or lines across the map too.")),
]
GridUnit = Annotated[
    Literal["metres", "degrees"] | None,
    typer.Option(help=N_("What the coordinates are; metres of the project's CRS by default.")),
]
Atlas = Annotated[
    str | None,
    typer.Option(
        metavar="[LAYER]",
        help=N_("A page for each area of LAYER (by default the kelurahan), after an overview."),
    ),
]


class ExportCommand(TyperCommand):
    """Takes ``--atlas`` alone for the atlas of the administrative areas."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse, with the layer put in where ``--atlas`` names none."""
        return super().parse_args(ctx, with_layer(args))


def with_layer(args: Sequence[str]) -> list[str]:
    """Return the arguments with the default layer after an ``--atlas`` that names none."""
    spelled: list[str] = []
    for i, word in enumerate(args):
        spelled.append(word)
        if word == "--atlas" and (i + 1 == len(args) or args[i + 1].startswith("-")):
            spelled.append(_ADMIN)
    return spelled


def picture_settings(file: Path, what: str, **asked: Any) -> "PictureSettings | None":
    """Return what the options ask of a picture; None for a file that is none.

    Parameters
    ----------
    what : str
        What the file will hold.
    asked
        The options by their names in Python; None where one was not given.

    Raises
    ------
    typer.BadParameter
        For options that do not fit the file or each other.
    """
    given = {name: value for name, value in asked.items() if value is not None}
    if file.suffix.lower() not in _PICTURES or what != "map":
        if given:
            raise _bad(given, _("only for pictures of the map: .png, .svg or .pdf"))
        return None
    _check_combination(file, given)
    from gisapp.export.settings import PictureSettings
    from gisapp.render.layout import Layout

    layout = Layout(
        paper=given.get("paper", "a4"),
        orientation=given.get("orientation", "auto"),
        graticule={"lines": "grid"}.get(given.get("grid", "none"), given.get("grid", "none")),
        grid_unit=given.get("grid_unit", "metres"),
    )
    return PictureSettings(
        layout,
        alone="size" in given or given.get("layout") == "map",
        size_px=_size(given["size"]) if "size" in given else None,
        dpi=given.get("dpi"),
        scale=given.get("scale"),
        bounds=parsed_bounds(given["bounds"]) if "bounds" in given else None,
        area=given.get("area", ""),
        atlas=given.get("atlas", ""),
    )


def _check_combination(file: Path, given: dict[str, Any]) -> None:
    png = file.suffix.lower() == ".png"
    alone = "size" in given or given.get("layout") == "map"
    sheet_only: list[str] = [name for name in ("grid", "grid_unit") if name in given]
    if "atlas" in given and "area" not in given:
        sheet_only.append("atlas")
    rules = (
        (not png, ("dpi", "size"), _("only for PNG")),
        ("size" in given and given.get("layout") == "sheet", ("size",), _("always the map alone")),
        ("size" in given, ("paper", "orientation"), _("not together with --size")),
        (alone, sheet_only, _("only for a sheet, not for the map alone")),
        ("bounds" in given, ("area", "atlas"), _("not together with --bounds")),
        ("grid_unit" in given and given.get("grid", "none") == "none", ("grid_unit",),
         _("only with --grid ticks or --grid lines")),
        (not _LEAST_DPI <= given.get("dpi", 200) <= _MOST_DPI, ("dpi",),
         _("from {least} to {most}").format(least=_LEAST_DPI, most=_MOST_DPI)),
        (not _LEAST_SCALE <= given.get("scale", _LEAST_SCALE) <= _MOST_SCALE, ("scale",),
         _("from {least} to {most}").format(least=_LEAST_SCALE, most=number(_MOST_SCALE))),
    )  # fmt: skip
    for broken, names, why in rules:
        named = {name: True for name in names if name in given}
        if broken and named:
            raise _bad(named, why)


def _size(text: str) -> tuple[int, int]:
    width, _mark, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise _misspelled("--size", text, "WxH", "1600x1200")
    if not (int(width) and int(height)):
        raise typer.BadParameter(
            _("each side is at least 1 pixel; give for example {example}.").format(
                example="1600x1200"
            ),
            param_hint="--size",
        )
    return int(width), int(height)


def parsed_bounds(text: str) -> tuple[float, float, float, float]:
    """Read W,S,E,N; another form is wrong usage."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west = south = east = north = math.nan
    if not math.isfinite(west + south + east + north):
        raise _misspelled("--bounds", text, "W,S,E,N", _AN_EXTENT)
    if west < east and south < north:
        return west, south, east, north
    wrong = (
        _("west is not less than east in “{text}”")
        if west >= east
        else _("south is not less than north in “{text}”")
    ).format(text=text)
    order = _("give them in the order W,S,E,N, for example {example}.").format(example=_AN_EXTENT)
    raise typer.BadParameter(f"{wrong}; {order}", param_hint="--bounds")


def _misspelled(option: str, text: str, form: str, example: str) -> typer.BadParameter:
    told = _("“{text}” is not of the form {form}; give for example {example}.")
    return typer.BadParameter(told.format(text=text, form=form, example=example), param_hint=option)


def _bad(given: dict[str, Any], why: str) -> typer.BadParameter:
    names = ", ".join(f"--{name.replace('_', '-')}" for name in given)
    return typer.BadParameter(f"{why}.", param_hint=names)
