"""What is said of intervals and of sensitivity, in the user's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp.analysis.distributions import LEVELS
from gisapp.core.words import _, day, ngettext, number

if TYPE_CHECKING:
    from collections.abc import Callable

    from gisapp.analysis.distributions import Total
    from gisapp.analysis.sensitivity import Sensitivity
    from gisapp.analysis.totals import Totals


def total_texts() -> dict[str, str]:
    """Return the totals of `single_totals` in words, the headline first."""
    return {
        "families": _("Families affected, as found"),
        "families_expected": _("Families affected, expected"),
        "exposed_businesses": _("Businesses exposed to evictions"),
        "restricted_businesses": _("Businesses the plan restricts"),
        "exposed_income": _("Exposed income, Rp a month"),
        "newly_poor": _("Families newly poor"),
        "contradictions": _("Businesses and families under contradiction"),
    }


def parameter_texts() -> dict[str, str]:
    """Return the parameters of `sensitivity` in words."""
    return {
        "as_of": _("As-of date"),
        "policy_change": _("Before the last, after the next change of policy"),
        "plan": _("Zoning plan"),
        "unlisted": _("What the plan does not list"),
        "eviction_outline": _("Outline of the eviction areas"),
        "poverty_line": _("Poverty line"),
        "unknown_sigma": _("Locations of unknown precision"),
    }


def setting_text(parameter: str, value: str) -> str:
    """Return one setting in words; the base's is an empty `value`."""
    if not value:
        return _("base")
    if parameter == "policy_change":
        return day(value)
    if parameter == "as_of":
        return _("{days} days").format(days=_signed(float(value)))
    if parameter == "unlisted":
        return {"prohibited": _("prohibited"), "no_rule": _("no rule")}[value]
    if parameter == "poverty_line":
        return f"Rp {number(float(value))}"
    if parameter == "eviction_outline":
        return f"{_signed(float(value))} m"
    if parameter == "unknown_sigma":
        return f"σ {number(float(value))} m"
    return value


def interval_text(total: Total, level: float) -> str:
    """Return the ends of an interval, joined."""
    low, high = total.intervals[LEVELS.index(level)]
    return number(low) if low == high else f"{number(low)}–{number(high)}"


def interval_sentence(found: Totals, subject: str, level: float) -> str:
    """Return a finding in plain words, with its interval and what was found.

    `subject` is ``families``, ``businesses`` or ``households`` (exposed), ``prohibited`` or
    ``restricted``.
    """
    total, sentence = {
        "families": (
            found.main.families["affected"],
            _("Between {low} and {high} families are affected ({level} %); {found} were found."),
        ),
        "businesses": (
            found.main.businesses,
            _("Between {low} and {high} businesses are exposed ({level} %); {found} were found."),
        ),
        "households": (
            found.main.households,
            _("Between {low} and {high} homes are exposed ({level} %); {found} were found."),
        ),
        "prohibited": (
            found.classes["prohibited"],
            _(
                "Between {low} and {high} businesses are prohibited ({level} %); "
                "{found} were found."
            ),
        ),
        "restricted": (
            found.restricted,
            _(
                "Between {low} and {high} businesses are restricted ({level} %); "
                "{found} were found."
            ),
        ),
    }[subject]
    low, high = total.intervals[LEVELS.index(level)]
    if low == high:
        sentence = _("{found} were found, and the precision of locations leaves nothing open.")
    return sentence.format(
        low=number(low), high=number(high), level=number(level * 100), found=number(total.found)
    )


def interval_notes(found: Totals, name: Callable[[str], str] = str) -> tuple[str, ...]:
    """Return sentences on what the intervals leave out; `name` tells a class or an impact."""
    sentences = [
        _(
            "The intervals hold only what the precision of locations leaves open. Locations are "
            "taken to be independent; each may lie beyond one boundary, the nearest at which its "
            "finding changes, however narrow what lies there. Nobody is moved over an admin border."
        )
    ]
    if found.found_apart:
        sentence = _(
            "What was found of {words} lies outside its interval: found counts each subject where "
            "it most likely is, and many that are each a little likely add up."
        )
        sentences.append(sentence.format(words=", ".join(map(name, found.found_apart))))
    if found.loose_families:
        sentence = ngettext(
            "{n} family shares so many uncertain businesses with others that it is counted as if "
            "it shared none.",
            "{n} families share so many uncertain businesses with others that they are counted as "
            "if they shared none.",
            found.loose_families,
        )
        sentences.append(sentence.format(n=number(found.loose_families)))
    return tuple(sentences)


def sensitivity_sentence(found: Sensitivity) -> str:
    """Return what moves the total most."""
    name, base = total_texts()[found.total], number(found.base)
    first = found.sways[0] if found.sways else None
    if first is None or not first.span:
        return _("{total}: {base}; no setting moves it.").format(total=name, base=base)
    return _("{total}: {base}. What moves it most is “{parameter}”: from {low} to {high}.").format(
        total=name,
        base=base,
        parameter=parameter_texts()[first.parameter],
        low=number(first.low.total),
        high=number(first.high.total),
    )


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else '−'}{number(abs(value))}"
