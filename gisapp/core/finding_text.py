"""What an assessment counts, in words: classes, stages, impacts and their totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp.core.field_text import code_text
from gisapp.core.policy import CONFORMITY_CLASSES, NOT_ASSESSED, stage_text
from gisapp.core.words import _

if TYPE_CHECKING:
    from gisapp.core.catalogue import Catalogue


def finding_text(catalogue: Catalogue, word: str) -> str:
    """Return a class of conformity, an impact on families or a total of either in words."""
    totals = {"affected": _("Affected"), "total": _("total")}
    if word in totals:
        return totals[word]
    if word in CONFORMITY_CLASSES:
        return code_text(catalogue.kind("assessed_businesses").fields["class"], word)
    return code_text(catalogue.kind("assessed_households").fields["family_impact"], word)


def exposure_text(word: str) -> str:
    """Return a stage of eviction, or that there is none, in words."""
    words = {"none": _("not exposed"), NOT_ASSESSED: _("not assessed"), "total": _("total")}
    return words.get(word) or stage_text(word)


def subjects_text(kind: str) -> str:
    """Return what the subjects of a kind are called."""
    return {"businesses": _("businesses"), "households": _("families")}[kind]
