"""An assessment repeated from its record: the same bytes, or which part of them differs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from gisapp import __version__
from gisapp.analysis.assess import assess
from gisapp.analysis.fingerprint import input_hashes
from gisapp.analysis.recording import libraries
from gisapp.analysis.remembering import MEMORY
from gisapp.core.errors import GisappError
from gisapp.core.progress import SILENT, Progress
from gisapp.core.words import _, speaking

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gisapp.core.project import Project, Run

Change = Literal["changed", "missing", "new"]


@dataclass(frozen=True, eq=False)
class Repeated:
    """What became of an assessment that was asked again.

    Parameters
    ----------
    run : Run
    inputs : mapping
        The layers and tables whose rows are not those that it was made of: ``changed`` since,
        ``missing`` by now, or ``new``. Where there is one it was not worked out again.
    differing : tuple of str
        The results whose bytes are others: ``businesses``, ``households``, ``conflicts``,
        ``pairs``, ``summary``.
    made_with : mapping
        The libraries, and ``gisapp``, whose version is another now: then and now.
    """

    run: Run
    inputs: Mapping[str, Change]
    differing: tuple[str, ...]
    made_with: Mapping[str, tuple[str, str]]

    @property
    def same(self) -> bool:
        """Whether the same data gave the same bytes."""
        return not self.inputs and not self.differing

    def refusal(self) -> GisappError:
        """Return what to tell of one that is not the same."""
        if self.inputs:
            names = ", ".join(self.inputs)
            return GisappError(
                _("It cannot be repeated: the rows of these are others now: {names}.").format(
                    names=names
                ),
                _("Open a copy of the project from before, or assess it as it is now."),
            )
        versions = (f"{name} {then} → {now}" for name, (then, now) in self.made_with.items())
        remedy = (
            _("Repeat it with what it was made with ({versions}), or assess again.")
            if self.made_with
            else _("Assess the project again; settings that are no rows may have changed.")
        )
        return GisappError(
            _("The same data gave other bytes in: {names}.").format(
                names=", ".join(self.differing)
            ),
            remedy.format(versions=", ".join(versions)),
        )


def repeat(project: Project, run: Run, progress: Progress = SILENT) -> Repeated:
    """Work an assessment out again from its record, and compare it byte by byte.

    Nothing that is remembered of an earlier assessment is used.

    Parameters
    ----------
    project : Project
        Which the run is one of.
    run : Run
    progress : Progress
        Told of each step; may raise `Cancelled`.

    Raises
    ------
    GisappError
        Where the run has no record, or what it asked for is no longer there (its plan, say).
    """
    if run.record is None:
        raise GisappError(
            _("This assessment was made before its results were recorded."),
            _("Assess the project again: that assessment can be repeated."),
        )
    inputs = _changes(run.inputs, input_hashes(project))
    made_with = _other_versions(run)
    if inputs:
        return Repeated(run, inputs, (), made_with)
    MEMORY.forget()
    asked = replace(project, parameters=run.parameters)
    with speaking(run.record.language):
        again = assess(asked, run.parameters.as_of, progress).record
    differing = tuple(
        name for name, sha256 in run.record.results.items() if again.results.get(name) != sha256
    )
    return Repeated(run, {}, differing, made_with)


def _changes(then: Mapping[str, str], now: Mapping[str, str]) -> dict[str, Change]:
    changes: dict[str, Change] = {}
    for name in sorted({*then, *now}):
        if name not in now:
            changes[name] = "missing"
        elif name not in then:
            changes[name] = "new"
        elif then[name] != now[name]:
            changes[name] = "changed"
    return changes


def _other_versions(run: Run) -> dict[str, tuple[str, str]]:
    then = {"gisapp": run.program_version, **(run.record.libraries if run.record else {})}
    now = {"gisapp": __version__, **libraries()}
    return {name: (x, now.get(name, "")) for name, x in then.items() if now.get(name) != x}


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Return the totals in which two summaries differ: the key's path, and either value.

    Parameters
    ----------
    one, other : mapping
        The summaries of two runs; lists of areas are compared by their code.

    Returns
    -------
    list of tuple
        Paths as ``families.direct`` or ``by_admin.31.75.09.1001.businesses.prohibited``, in the
        order of `one`, then what `other` alone has; None where a summary lacks the key.
    """
    left, right = _flat(one), _flat(other)
    keys = [*left, *(key for key in right if key not in left)]
    return [(k, left.get(k), right.get(k)) for k in keys if left.get(k) != right.get(k)]


def _flat(value: Any, path: str = "") -> dict[str, Any]:
    if isinstance(value, dict):
        items = [(str(key), x) for key, x in value.items()]
    elif isinstance(value, list | tuple):
        items = [(_key_of(x, place), x) for place, x in enumerate(value)]
    else:
        return {path: value}
    flat: dict[str, Any] = {}
    for key, x in items:
        flat |= _flat(x, f"{path}.{key}" if path else key)
    return flat


def _key_of(entry: Any, place: int) -> str:
    return str(entry["code"]) if isinstance(entry, dict) and "code" in entry else str(place)
