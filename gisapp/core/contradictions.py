"""Contradictions in words: who stands between which policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gisapp.core.words import _, ngettext, number

if TYPE_CHECKING:
    from collections.abc import Mapping


def headline_text(headline: Mapping[str, Any]) -> str:
    """Say whom promoting and repressing policies meet at, between which two most of all.

    Parameters
    ----------
    headline : mapping
        As ``gisapp assess --json`` has it.
    """
    families, more = headline["families"], headline["families_through_livelihood"]
    businesses = headline["businesses"]
    if not businesses and not families:
        return _("No family or business stands between policies that promote and that repress it.")
    sentences = [
        ngettext(
            "{n} family is promoted by one policy and repressed by another at once",
            "{n} families are promoted by one policy and repressed by another at once",
            families,
        ).format(n=number(families)),
        ngettext(
            "{n} more through a business that it operates",
            "{n} more through a business that they operate",
            more,
        ).format(n=number(more)),
        ngettext("{n} business likewise", "{n} businesses likewise", businesses).format(
            n=number(businesses)
        ),
    ]
    told = "; ".join(sentences) + "."
    return f"{told} {pair_text(headline['pairs'][0])}" if headline["pairs"] else told


def pair_text(pair: Mapping[str, Any]) -> str:
    """Name both policies of a pair, and how many families stand between them."""
    n = pair["families"] + pair["families_through_livelihood"]
    return ngettext(
        "“{plus}” promotes and “{minus}” represses {n} family, at home or through a business.",
        "“{plus}” promotes and “{minus}” represses {n} families, at home or through a business.",
        n,
    ).format(plus=policy_text(pair["plus"]), minus=policy_text(pair["minus"]), n=number(n))


def policy_text(policy: Mapping[str, str]) -> str:
    """Name a policy: its instrument, what of it, and its institution where that is stated."""
    name = class_text(policy.get("name", ""))
    instrument = policy.get("instrument", "")
    said = f"{instrument}: {name}" if name and name != instrument else instrument
    institution = policy.get("institution", "")
    return f"{said} ({institution})" if institution else said


def class_text(name: str) -> str:
    """Return a plan's class in words; any other name as it is."""
    words = {
        "permitted": _("permitted"),
        "limited": _("limited"),
        "conditional": _("conditional"),
        "prohibited": _("prohibited"),
    }
    return words.get(name, name)


def institution_text(institution: str) -> str:
    """Name an institution, also one that nobody stated."""
    return institution or _("not stated")


def manner_text(manner: str) -> str:
    """Say how a pair of policies contradicts itself."""
    words = {
        "direct": _("direct"),
        "instrumental": _("instrumental"),
        "not_classified": _("not classified"),
    }
    return words[manner]


def relation_text(relation: str) -> str:
    """Say between whom a pair of policies stands."""
    words = {
        "within": _("within one institution"),
        "between": _("between institutions"),
        "not_stated": _("an institution is not stated"),
    }
    return words[relation]


def agreement_text(coding: Mapping[str, Any]) -> str:
    """Say how far the coders of the stances agree.

    Parameters
    ----------
    coding : mapping
        As ``gisapp contradictions --json`` has it.
    """
    if coding["alpha"] is None:
        return _(
            "How far the coders agree cannot be said: that needs two provisions which two people "
            "have both coded."
        )
    told = ngettext(
        "Krippendorff's α of the coders is {alpha} ({low} to {high}), of {n} provision.",
        "Krippendorff's α of the coders is {alpha} ({low} to {high}), of {n} provisions.",
        coding["units"],
    )
    values = {
        name: "–" if coding[name] is None else number(coding[name], 2)
        for name in ("alpha", "low", "high")
    }
    return told.format(**values, n=number(coding["units"]))


def deontic_text(deontic: str) -> str:
    """Say what a policy does; empty where nobody stated it."""
    words = {
        "permit": _("permits"),
        "oblige": _("obliges"),
        "prohibit": _("prohibits"),
        "support": _("supports"),
        "sanction": _("sanctions"),
    }
    return words.get(deontic, "")
