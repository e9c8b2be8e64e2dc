"""What a style's TOML may hold: names, types and bounds of every key."""

import math
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from gisapp.core.style import Blend, Hatch, Operator, Scheme, Shape

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$", to_lower=True)]
Name = Annotated[str, StringConstraints(min_length=1)]
# Of drawings that come with the program: never a path.
Icon = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]*$", max_length=40)]
Length = Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Texts = dict[Literal["id", "en"], str]


class Strict(BaseModel):
    """Refuses what it does not know and what has another type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Scaled(Strict):
    """What is drawn at some scales only."""

    min_denominator: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    max_denominator: Annotated[float, Field(gt=0)] = math.inf


class ConditionKeys(Strict):
    """One entry of a rule's ``when``."""

    column: Name
    op: Operator
    value: bool | float | str | list[str] | None = None


class SymbolKeys(Strict):
    """How a symbol looks."""

    fill: Colour | None = None
    fill_opacity: Share = 1.0
    hatch: Hatch = ""
    stroke: Colour | None = None
    stroke_mm: Length = 0.26
    dash_mm: list[Length] = []
    shape: Shape = "circle"
    icon: Icon = ""
    size_mm: Length = 2.0


class RuleKeys(SymbolKeys, Scaled):
    """One ``[[rules]]``."""

    label: Texts
    when: list[ConditionKeys] = []


class LabelsKeys(Scaled):
    """``[labels]``."""

    column: Name
    size_mm: Length = 2.8
    colour: Colour = "#1f2933"
    bold: bool = True
    halo: Colour | Literal["none"] = "#ffffff"
    halo_mm: Length = 0.7
    priority: int = 0
    along: bool = False


class ClassesKeys(Strict):
    """``[classes]``."""

    column: Name
    scheme: Scheme
    k: Annotated[int, Field(ge=2, le=12)] = 5
    ramp: Name = "viridis"
    reverse: bool = False
    by_size: bool = False
    breaks: list[Finite] = []


class ClustersKeys(Strict):
    """``[clusters]``."""

    radius_mm: Length = 8.0
    fill: Colour = "#3d434d"
    text: Colour = "#ffffff"


class HeatKeys(Strict):
    """``[heat]``."""

    radius_m: Annotated[float, Field(gt=0, le=100_000)] = 250.0
    ramp: Name = "heat"
    weight_column: str = ""


class StyleKeys(Strict):
    """The whole file."""

    name: Name
    title: Texts = {}
    opacity: Share = 1.0
    blend: Blend = "normal"
    labels: LabelsKeys | None = None
    classes: ClassesKeys | None = None
    clusters: ClustersKeys | None = None
    heat: HeatKeys | None = None
    rules: list[RuleKeys] = []
