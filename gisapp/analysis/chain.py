"""The chain behind a finding, as values: steps in plain words, each with its facts.

A chain is made in the language in force when it is asked for; it is shown, never stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from shapely.geometry.base import BaseGeometry

StepKind = Literal[
    "record",
    "import",
    "place",
    "admin",
    "plan",
    "zone",
    "eviction",
    "support_area",
    "support",
    "links",
    "link",
    "poverty",
    "contradiction",
    "provision",
    "coding",
    "document",
    "left_out",
    "parameters",
    "inputs",
    "run",
]


@dataclass(frozen=True)
class Fact:
    """One value of a step.

    Parameters
    ----------
    name : str
        Its fixed name, for programs.
    label, text : str
        Its name and its value as a reader sees them.
    value : str, int, float, bool or None
        The value itself; None is "not known".
    """

    name: str
    label: str
    text: str
    value: str | int | float | bool | None


@dataclass(frozen=True, eq=False)
class Step:
    """One step of a chain, with those that it stands on.

    Parameters
    ----------
    kind : str
        What it is, in a fixed word.
    text : str
        A plain sentence.
    facts : tuple of Fact
    steps : tuple of Step
    about : tuple of str, optional
        The kind and id of the area, support or subject that it speaks of.
    geometry : geometry, optional
        Where it lies, in the project's CRS.
    """

    kind: StepKind
    text: str
    facts: tuple[Fact, ...] = ()
    steps: tuple[Step, ...] = ()
    about: tuple[str, str] | None = None
    geometry: BaseGeometry | None = None

    def every(self) -> Iterator[Step]:
        """Yield this step and all below it, from the top."""
        yield self
        for step in self.steps:
            yield from step.every()

    def value(self, name: str) -> Any:
        """Return the value of the fact called `name`; raises KeyError."""
        for fact in self.facts:
            if fact.name == name:
                return fact.value
        raise KeyError(name)


@dataclass(frozen=True, eq=False)
class Chain:
    """Why a subject was found as it was.

    Parameters
    ----------
    subject_kind : {"businesses", "households"}
    subject_id : str
    as_of : str
        ISO date.
    title : str
        Whom it is about, in words.
    conclusion : mapping
        The subject's row as `assess` gives it: column to value, without its place.
    conclusions : tuple of str
        The same as sentences.
    steps : tuple of Step
    """

    subject_kind: str
    subject_id: str
    as_of: str
    title: str
    conclusion: Mapping[str, Any]
    conclusions: tuple[str, ...]
    steps: tuple[Step, ...]

    def every(self) -> Iterator[Step]:
        """Yield all steps, from the top."""
        for step in self.steps:
            yield from step.every()

    def of(self, kind: StepKind) -> list[Step]:
        """Return the steps of a kind, from the top."""
        return [step for step in self.every() if step.kind == kind]


def as_text(chain: Chain) -> str:
    """Write a chain as indented plain text, for a letter or a file."""
    lines = [chain.title, *(f"  {sentence}" for sentence in chain.conclusions)]
    for step in chain.steps:
        lines.extend(_lines(step, 0))
    return "\n".join(lines) + "\n"


def _lines(step: Step, depth: int) -> Iterator[str]:
    indent = "    " * depth
    yield f"{indent}- {step.text}"
    for fact in step.facts:
        yield f"{indent}    {fact.label}: {fact.text}"
    for below in step.steps:
        yield from _lines(below, depth + 1)


def as_json(chain: Chain) -> dict[str, Any]:
    """Return what ``gisapp evidence --json`` prints; values that are not known are null."""
    return {
        "subject_kind": chain.subject_kind,
        "subject_id": chain.subject_id,
        "as_of": chain.as_of,
        "title": chain.title,
        "conclusion": dict(chain.conclusion),
        "conclusions": list(chain.conclusions),
        "steps": [_step_json(step) for step in chain.steps],
    }


def _step_json(step: Step) -> dict[str, Any]:
    kind, identifier = step.about or (None, None)
    return {
        "step": step.kind,
        "text": step.text,
        "about": {"kind": kind, "id": identifier} if step.about else None,
        "facts": {fact.name: fact.value for fact in step.facts},
        "steps": [_step_json(below) for below in step.steps],
    }
