"""What is said of intervals and of sensitivity, in the user's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp.analysis.distributions import LEVELS
from gisapp.core.words import _, day, number

if TYPE_CHECKING:
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


def main_sentence(found: Totals, level: float) -> str:
    """Return the headline of the intervals: how many families are affected."""
    total = found.main.families["affected"]
    low, high = total.intervals[LEVELS.index(level)]
    if low == high:
        return _(
            "{n} families are affected; the precision of the locations leaves nothing open."
        ).format(n=number(low))
    return _(
        "Between {low} and {high} families are affected ({level} %); {found} were found."
    ).format(
        low=number(low), high=number(high), level=number(level * 100), found=number(total.found)
    )


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
