"""What place decides of each subject, worked out for any part of the subjects alone.

Conformity, exposure, how sure both are, the admin area and the support areas around a subject
depend on the subject and on the polygons in its reach, never on other subjects. So subjects may
be cut into any parts: ``joined(case, [Piece.of(p, find_locally(p.case)) for p in parts])`` is
``find_locally(case)``, value for value. A distributed engine maps `find_locally` over
``partition(case, rows)``, on as many machines as it has, and joins what comes back; what ties
subjects to one another (families, supports, the register) is then found by `findings.together`,
a few array operations a subject. Here the parts are taken one after the other, which bounds the
memory of a large project, and after an edit only the part that it touched is found anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gisapp.analysis.admin import Membership, membership
from gisapp.analysis.areas import Areas
from gisapp.analysis.conformity import Conformity, PlanReader, Verdicts, conformity, zone_codes
from gisapp.analysis.exposure import Exposure, exposure
from gisapp.analysis.subjects import Pairs, Subjects
from gisapp.analysis.uncertainty import REACH_SIGMAS, Certainty, certainty, sigmas
from gisapp.core.policy import NEAR_BORDER_M
from gisapp.core.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gisapp.analysis.case import Case
    from gisapp.analysis.columns import Bools, Floats, Ints
    from gisapp.core.progress import Progress

# So many subjects at once keep a part's working memory at some hundred megabytes.
PART_SUBJECTS = 250_000
# Wider than any reach by this, so that no rounding leaves a polygon out.
_MARGIN_M = 1.0


@dataclass(frozen=True, eq=False)
class LocalAbout:
    """What place decides alike for businesses and households; `support_areas` cover them."""

    exposure: Exposure
    exposure_certainty: Certainty
    member: Membership
    support_areas: Pairs


@dataclass(frozen=True, eq=False)
class Local:
    """What place decides of the subjects of a case."""

    conformity: Conformity
    conformity_certainty: Certainty
    businesses: LocalAbout
    households: LocalAbout


def find_locally(case: Case) -> Local:
    """Find what place decides: a pure function of some subjects and the areas around them."""
    reader = PlanReader(case.plan, case.businesses)
    conforms = conformity(case.businesses, case.plan, reader)
    sure = certainty(
        case.businesses,
        case.plan.areas.polygons,
        conforms.pairs,
        conforms.rank,
        lambda pairs: reader.verdicts(pairs).rank,
    )
    return Local(conforms, sure, _about(case, case.businesses), _about(case, case.households))


def _about(case: Case, subjects: Subjects) -> LocalAbout:
    exposed = exposure(subjects, case.evictions)
    sure = certainty(
        subjects,
        case.evictions.polygons,
        exposed.pairs,
        exposed.exposed.astype(np.int64),
        lambda pairs: np.ones(len(pairs.area), dtype=np.int64),
    )
    within = subjects.covered_by(case.support_areas.polygons)
    return LocalAbout(exposed, sure, membership(subjects, case.admin), within)


@dataclass(frozen=True, eq=False)
class Places:
    """Where the rows of a piece lie in the whole.

    For each kind of subject `taken` are rows of the piece and `put` their rows in the whole; for
    each kind of area the row (of an admin area the place) in the whole, −1 where it is not there.
    Areas keep their order.
    """

    taken: dict[str, Ints]
    put: dict[str, Ints]
    zoning: Ints
    evictions: Ints
    support_areas: Ints
    admin: Ints


@dataclass(frozen=True, eq=False)
class Partition:
    """Some subjects of a case with the areas in their reach: a case, and where it belongs."""

    case: Case
    places: Places


@dataclass(frozen=True, eq=False)
class Piece:
    """Findings of some subjects, and where they belong."""

    local: Local
    places: Places


def partition(case: Case, businesses: Ints, households: Ints) -> Partition:
    """Cut some subjects out of `case`, with all the areas that matter to them.

    Parameters
    ----------
    case : Case
    businesses, households : ndarray of int, shape (k,) and (l,)
        Rows, ascending.
    """
    rows = {"businesses": businesses, "households": households}
    some_businesses = _some(case.businesses, businesses)
    some_households = _some(case.households, households)
    reach = _Reach((some_businesses, some_households))
    zoning, evictions, supports = (
        reach.of(areas) for areas in (case.plan.areas, case.evictions, case.support_areas)
    )
    small = replace(
        case,
        businesses=some_businesses,
        households=some_households,
        plan=replace(case.plan, areas=_chosen(case.plan.areas, zoning)),
        evictions=_chosen(case.evictions, evictions),
        support_areas=_chosen(case.support_areas, supports),
    )
    taken = {kind: np.arange(len(put)) for kind, put in rows.items()}
    admin = np.arange(len(case.admin.codes))
    return Partition(small, Places(taken, rows, zoning, evictions, supports, admin))


def _some(subjects: Subjects, rows: Ints) -> Subjects:
    if len(rows) == len(subjects):
        return subjects
    frame = subjects.frame.iloc[rows].reset_index(drop=True)
    return Subjects(subjects.kind, frame, among=subjects.whole_size)


def _chosen(areas: Areas, rows: Ints) -> Areas:
    if len(rows) == len(areas.polygons):
        return areas
    return Areas(areas.frame.iloc[rows].reset_index(drop=True), areas.polygons[rows])


class _Reach:
    """The boxes around some subjects within which an area can matter to them."""

    def __init__(self, some: tuple[Subjects, ...]) -> None:
        self._boxes = np.concatenate([_boxes(subjects) for subjects in some])

    def of(self, areas: Areas) -> Ints:
        """Return the rows of the areas whose boxes meet one of these, ascending."""
        if not len(self._boxes):
            return np.empty(0, dtype=np.int64)
        bounds = areas.bounds
        west, south = self._boxes[:, :2].min(axis=0)
        east, north = self._boxes[:, 2:].max(axis=0)
        meets = (bounds[:, 0] <= east) & (bounds[:, 2] >= west)
        rows = np.flatnonzero(meets & (bounds[:, 1] <= north) & (bounds[:, 3] >= south))
        if len(self._boxes) >= len(rows):
            return rows
        tree = shapely.STRtree(shapely.box(*self._boxes.T))
        entry, _box = tree.query(areas.polygons[rows])
        near: Ints = rows[np.unique(entry)]
        return near


def _boxes(subjects: Subjects) -> Floats:
    """Return the box of each located subject's reach, shape (located, 4)."""
    points = subjects.points[subjects.located]
    xy = np.column_stack([shapely.get_x(points), shapely.get_y(points)])
    around_m = reach_m(subjects)[subjects.located, None]
    return np.column_stack([xy - around_m, xy + around_m])


def reach_m(subjects: Subjects) -> Floats:
    """Return how far from each subject an area can matter to it, shape (n,), metres."""
    sigma_m, _known = sigmas(subjects)
    return np.maximum(sigma_m * REACH_SIGMAS, NEAR_BORDER_M) + _MARGIN_M


def find_in_parts(case: Case, progress: Progress, most: int = PART_SUBJECTS) -> Local:
    """Find what place decides of all subjects, at most about `most` of them at a time."""
    rows = (np.arange(len(case.businesses)), np.arange(len(case.households)))
    if sum(map(len, rows)) <= most:
        return find_locally(case)
    return joined(case, _pieces(case, rows, progress, most))


def find_again(case: Case, before: Local, kept: Places, progress: Progress) -> Local:
    """Find what place decides of all subjects but those whose findings `before` are `kept`."""
    rows = tuple(
        np.setdiff1d(np.arange(len(subjects)), kept.put[subjects.kind], assume_unique=True)
        for subjects in (case.businesses, case.households)
    )
    anew = _pieces(case, rows, progress, PART_SUBJECTS) if any(map(len, rows)) else []
    return joined(case, [Piece(before, kept), *anew])


def _pieces(case: Case, rows: tuple[Ints, ...], progress: Progress, most: int) -> list[Piece]:
    """Find what place decides of some businesses and households, part by part."""
    total, done, pieces = sum(map(len, rows)), 0, []
    for businesses, households in _strips(case, rows, -(-total // most)):
        part = partition(case, businesses, households)
        pieces.append(Piece(find_locally(part.case), part.places))
        done += len(businesses) + len(households)
        progress.step(done, total, _("Conformity and exposure"))
    return pieces


def _strips(case: Case, rows: tuple[Ints, ...], n: int) -> list[tuple[Ints, Ints]]:
    """Cut some businesses and households into `n` strips from west to east, of one size."""
    easting = [_easting(case.businesses)[rows[0]], _easting(case.households)[rows[1]]]
    cuts = np.quantile(np.concatenate(easting), np.arange(1, n) / n)
    strip = [np.searchsorted(cuts, x, side="right") for x in easting]
    return [(rows[0][strip[0] == i], rows[1][strip[1] == i]) for i in range(n)]


def _easting(subjects: Subjects) -> Floats:
    """Return each subject's easting, shape (n,), metres; 0 where it has no location."""
    easting = np.zeros(len(subjects))
    easting[subjects.located] = shapely.get_x(subjects.points[subjects.located])
    return easting


def joined(case: Case, pieces: Sequence[Piece]) -> Local:
    """Put pieces together in which every subject of `case` is exactly once."""
    conforms = [piece.local.conformity for piece in pieces]
    join = _Joiner("businesses", len(case.businesses), pieces)
    pairs, in_order = join.pairs([c.pairs for c in conforms], "zoning")
    verdicts = Verdicts(
        in_order([c.verdicts.rank for c in conforms]), in_order([c.verdicts.tie for c in conforms])
    )
    conformed = Conformity(
        rank=join.values([c.rank for c in conforms]),
        tie=join.values([c.tie for c in conforms]),
        zone_count=join.values([c.zone_count for c in conforms]),
        pairs=pairs,
        verdicts=verdicts,
        codes=zone_codes(case.plan),
    )
    sure = join.certainty([piece.local.conformity_certainty for piece in pieces])
    businesses = join.about(case, [piece.local.businesses for piece in pieces])
    join = _Joiner("households", len(case.households), pieces)
    households = join.about(case, [piece.local.households for piece in pieces])
    return Local(conformed, sure, businesses, households)


class _InOrder:
    """Puts values of pairs, given a piece each, in the order of the joined pairs."""

    def __init__(self, keep: Sequence[Bools], order: Ints) -> None:
        self._keep, self._order = keep, order

    def __call__(self, values: Sequence[NDArray[Any]]) -> NDArray[Any]:
        kept = [v[keep] for v, keep in zip(values, self._keep, strict=True)]
        joined_values: NDArray[Any] = np.concatenate(kept)[self._order]
        return joined_values


class _Joiner:
    """Joins arrays about one kind of subject, given a piece each."""

    def __init__(self, kind: str, n: int, pieces: Sequence[Piece]) -> None:
        self._n = n
        self._places = [piece.places for piece in pieces]
        self._taken = [places.taken[kind] for places in self._places]
        self._put = [places.put[kind] for places in self._places]

    def values(self, parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Join arrays with one value a subject."""
        whole = np.empty(self._n, dtype=parts[0].dtype)
        for part, taken, put in zip(parts, self._taken, self._put, strict=True):
            whole[put] = part[taken]
        return whole

    def pairs(self, parts: Sequence[Pairs], kind: str) -> tuple[Pairs, _InOrder]:
        """Join pairs of subjects and areas of `kind`; the second value joins what is about them."""
        subjects, areas, keeps = [], [], []
        for part, places, taken, put in zip(
            parts, self._places, self._taken, self._put, strict=True
        ):
            row = np.full(max(taken.max(initial=-1), part.subject.max(initial=-1)) + 1, -1)
            row[taken] = put
            subject = row[part.subject]
            keep = subject >= 0
            keeps.append(keep)
            subjects.append(subject[keep])
            areas.append(getattr(places, kind)[part.area[keep]])
        subject, area = np.concatenate(subjects), np.concatenate(areas)
        order = np.argsort(subject * (area.max(initial=0) + 1) + area, kind="stable")
        return Pairs(subject[order], area[order]), _InOrder(keeps, order)

    def certainty(self, parts: Sequence[Certainty]) -> Certainty:
        return Certainty(
            self.values([c.probability for c in parts]),
            self.values([c.sigma_m for c in parts]),
            self.values([c.sigma_known for c in parts]),
        )

    def about(self, case: Case, parts: Sequence[LocalAbout]) -> LocalAbout:
        exposed = [about.exposure for about in parts]
        place = [
            _moved(about.member.place, places.admin)
            for about, places in zip(parts, self._places, strict=True)
        ]
        return LocalAbout(
            Exposure(
                rank=self.values([e.rank for e in exposed]),
                pairs=self.pairs([e.pairs for e in exposed], "evictions")[0],
                ids=case.evictions.frame["id"].to_numpy(dtype=object),
            ),
            self.certainty([about.exposure_certainty for about in parts]),
            Membership(self.values(place), self.values([about.member.how for about in parts])),
            self.pairs([about.support_areas for about in parts], "support_areas")[0],
        )


def _moved(place: Ints, admin: Ints) -> Ints:
    """Return the places in the whole; −1 stays −1."""
    return np.append(admin, -1)[place]
