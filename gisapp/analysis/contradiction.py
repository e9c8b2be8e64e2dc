"""Contradiction: one policy promotes where another represses, at the same subject.

C = min(s⁺, |s⁻|) / 3, where s⁺ and s⁻ are the highest positive and the lowest negative stance
(Nilsson's scale, Nature 534, 2016) among the provisions that apply to a subject; 0 unless both
signs are there. Every score lists its pairs; none says which provision is lawful.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gisapp.analysis.columns import Bools, Floats, as_text
from gisapp.analysis.listing import Lines
from gisapp.analysis.register import OWN_STANCE, Provisions, provisions_applied

if TYPE_CHECKING:
    from gisapp.analysis.grounds import Reach
    from gisapp.analysis.subjects import Subjects

_SCALE = 3.0


@dataclass(frozen=True, eq=False)
class Contradiction:
    """Who stands under contradicting policies.

    Parameters
    ----------
    score : ndarray of float, shape (n,)
        C, 0–1.
    lowest : ndarray of float, shape (n,)
        s⁻; 0 where nothing is against the subject.
    applied : DataFrame
        ``subject, ground, provision, stance``: the provisions that apply to each subject.
    """

    score: Floats
    lowest: Floats
    applied: pd.DataFrame

    @property
    def contradictory(self) -> Bools:
        """Which subjects have a score above 0, shape (n,)."""
        return self.score > 0


def contradiction(subjects: Subjects, reach: Reach, provisions: Provisions) -> Contradiction:
    """Score each subject from the provisions that apply to it."""
    n = len(subjects)
    applied = provisions_applied(subjects, reach, provisions)
    subject, stance = applied["subject"].to_numpy(), applied["stance"].to_numpy()
    s_plus, s_minus = np.zeros(n), np.zeros(n)
    np.maximum.at(s_plus, subject, stance)
    np.minimum.at(s_minus, subject, stance)
    return Contradiction(np.minimum(s_plus, np.abs(s_minus)) / _SCALE, s_minus, applied)


def contradiction_pairs(
    subjects: Subjects, found: Contradiction, provisions: Provisions, among: Bools
) -> Lines:
    """List every (promoting, repressing) pair of provisions at each contradictory subject.

    Pairs that are alike keep the register's order, which `register_in_force` has sorted.
    ``score`` is the pair's own min(plus, |minus|) / 3; the highest of a subject's is its C.
    `among`, shape (n,), says of which subjects.
    """
    applied = found.applied[(found.contradictory & among)[found.applied["subject"]]]
    plus, minus = applied[applied["stance"] > 0], applied[applied["stance"] < 0]
    pairs = plus.merge(minus, on="subject", suffixes=("_plus", "_minus"))
    score = np.minimum(pairs["stance_plus"].to_numpy(), -pairs["stance_minus"].to_numpy()) / _SCALE
    frame = pd.DataFrame(
        {
            "subject_kind": as_text([subjects.kind] * len(pairs)),
            "subject_id": as_text(subjects.ids[pairs["subject"]]),
            "score": score,
        }
    )
    for side in ("plus", "minus"):
        one_side = pairs.filter(like=f"_{side}").set_axis(["ground", "provision", "stance"], axis=1)
        frame = frame.join(_described(one_side, provisions).add_prefix(f"{side}_"))
    order = ["subject_id", "plus_area_kind", "plus_area_id", "minus_area_kind", "minus_area_id"]
    frame = frame.sort_values([*order, "plus_instrument", "minus_instrument"])
    subject = pairs["subject"].to_numpy(np.int64)[frame.index]
    return Lines(frame.reset_index(drop=True), subject)


def _described(applied: pd.DataFrame, provisions: Provisions) -> pd.DataFrame:
    """Return what a pair tells of each provision, row by row."""
    own = provisions.grounds.iloc[applied["ground"]].reset_index(drop=True)
    row = provisions.register.reindex(applied["provision"]).reset_index(drop=True)
    coded = (applied["provision"] != OWN_STANCE).to_numpy()
    texts = {
        "area_kind": own["area_kind"],
        "area_id": own["area_id"],
        "instrument": own["instrument"].where(~coded, row["instrument"]),
        "institution": own["institution"].where(~coded, row["institution"]),
        "quote": row["quote"],
        "coded_by": row["coded_by"],
    }
    columns = {c: as_text(t.to_numpy(), empty_is_missing=True) for c, t in texts.items()}
    return pd.DataFrame({"stance": applied["stance"].astype("Int64"), **columns})
