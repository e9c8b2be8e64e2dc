"""How likely each family is affected, and how many are: homes and livelihoods together.

Places are independent of one another, families are not where they share an uncertain business:
those are counted together, over every way in which the shared businesses may lie.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from gisapp.analysis.chances import exposed_chances
from gisapp.analysis.distributions import convolved, poisson_binomial
from gisapp.core.policy import NOT_ASSESSED

if TYPE_CHECKING:
    from gisapp.analysis.columns import Bools, Floats, Ints
    from gisapp.analysis.study import Study

# So many shared businesses can lie in 1,024 ways; more are counted as if nobody shared them.
MOST_SHARED = 10


@dataclass(frozen=True, eq=False)
class Group:
    """Families tied by uncertain businesses that they share.

    Parameters
    ----------
    families : ndarray of int, shape (k,)
        Their rows.
    p_shared : ndarray of float, shape (s,)
        How likely each shared business is exposed.
    operates : ndarray of bool, shape (k, s)
        Which family operates which of them.
    own_none : ndarray of float, shape (k,)
        How likely none of a family's other businesses is exposed.
    """

    families: Ints
    p_shared: Floats
    operates: Bools
    own_none: Floats


@dataclass(frozen=True, eq=False)
class FamilyChances:
    """Arrays of shape (n,), a value a family: how likely its home and its livelihood are hit.

    `tied` are the groups that are counted together; `loose` counts the families in groups with
    too many shared businesses for that.
    """

    home: Floats
    livelihood: Floats
    assessed: Bools
    tied: tuple[Group, ...]
    loose: int

    def pmf(self, impact: str, keep: Bools) -> Floats:
        """Return the pmf of how many of the families `keep` have an impact.

        `impact` is ``direct``, ``livelihood``, ``both``, ``none`` or ``affected`` (any of the
        first three).
        """
        counted = keep & self.assessed
        alone = counted & (self._group_of < 0)
        p = _impact_chances(impact, self.home[alone], self.livelihood[alone])
        parts = [poisson_binomial(p)]
        for place in np.unique(self._group_of[counted & ~alone]).tolist():
            group = self.tied[place]
            parts.append(self._pmf_of_group(impact, group, counted[group.families]))
        return convolved(parts)

    @cached_property
    def _group_of(self) -> Ints:
        """The place in `tied` of each family's group, shape (n,); −1 for one that is in none."""
        place = np.full(len(self.home), -1, dtype=np.int64)
        for i, group in enumerate(self.tied):
            place[group.families] = i
        return place

    def p(self, impact: str) -> Floats:
        """Return how likely each family has an impact; 0 where it is not assessed."""
        return np.where(self.assessed, _impact_chances(impact, self.home, self.livelihood), 0.0)

    def _pmf_of_group(self, impact: str, group: Group, chosen: Bools) -> Floats:
        home = self.home[group.families[chosen]]
        pmf = np.zeros(int(chosen.sum()) + 1)
        for state in product((False, True), repeat=len(group.p_shared)):
            hit = np.array(state)
            weight = float(np.where(hit, group.p_shared, 1 - group.p_shared).prod())
            by_shared = (group.operates[chosen] & hit).any(axis=1)
            livelihood = np.where(by_shared, 1.0, 1 - group.own_none[chosen])
            pmf += weight * poisson_binomial(_impact_chances(impact, home, livelihood))
        return pmf


def _impact_chances(impact: str, home: Floats, livelihood: Floats) -> Floats:
    chances: dict[str, Floats] = {
        "direct": home * (1 - livelihood),
        "livelihood": (1 - home) * livelihood,
        "both": home * livelihood,
        "none": (1 - home) * (1 - livelihood),
        "affected": 1 - (1 - home) * (1 - livelihood),
    }
    return chances[impact]


def family_chances(study: Study) -> FamilyChances:
    """Return how likely each family is hit, from the places of its home and its businesses."""
    found, links = study.found, study.case.links
    n = len(study.case.households)
    p_business = exposed_chances(found.businesses)[links.business]
    spared = _product(links.household, 1 - p_business, n)
    tied, loose = _groups(links.household, links.business, p_business, n)
    return FamilyChances(
        home=exposed_chances(found.households),
        livelihood=1 - spared,
        assessed=found.impact.impact != NOT_ASSESSED,
        tied=tied,
        loose=loose,
    )


def _product(row: Ints, factor: Floats, n: int) -> Floats:
    """Return the product of each row's factors, shape (n,); 1 for a row without any."""
    order = np.lexsort((factor, row))  # a float product must not depend on the order of rows
    result = np.ones(n)
    np.multiply.at(result, row[order], factor[order])
    return result


def _groups(
    household: Ints, business: Ints, p_business: Floats, n: int
) -> tuple[tuple[Group, ...], int]:
    """Find the families that share uncertain businesses; count those tied by too many."""
    is_open = (p_business > 0) & (p_business < 1)
    operators = np.bincount(business[is_open], minlength=int(business.max(initial=-1)) + 1)
    shared = is_open & (operators[business] > 1)
    if not shared.any():
        return (), 0
    label = _components(household[shared], n + business[shared], n + len(operators))
    groups, loose = [], 0
    for link in _rows_of_each(label[household], np.unique(label[household[shared]])):
        group = _group(household[link], business[link], p_business[link], shared[link])
        if len(group.p_shared) <= MOST_SHARED:
            groups.append(group)
        else:
            loose += len(group.families)
    return tuple(groups), loose


def _links_by(component: Ints, wanted: Ints) -> list[Ints]:
    """Return the links (row numbers) of each wanted component, of links, shape (k,), in any."""
    order = np.argsort(component, kind="stable")
    first, after = (np.searchsorted(component[order], wanted, side=s) for s in ("left", "right"))
    return [order[a:b] for a, b in zip(first.tolist(), after.tolist(), strict=True)]


def _rows_of_each(labels: Ints, wanted: Ints) -> list[Ints]:
    """Return the rows, ascending, that have each of the `wanted` labels."""
    order = np.argsort(labels, kind="stable")
    begins, ends = (np.searchsorted(labels[order], wanted, side) for side in ("left", "right"))
    return [order[i:j] for i, j in zip(begins.tolist(), ends.tolist(), strict=True)]


def _components(one: Ints, other: Ints, n: int) -> Ints:
    """Return the connected component of each of n nodes, tied by the pairs (one, other)."""
    # Tens of milliseconds to import, and few projects have families that share a business.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ties = coo_array((np.ones(len(one)), (one, other)), shape=(n, n))
    _count, label = connected_components(ties, directed=False)
    return np.asarray(label, dtype=np.int64)


def _group(household: Ints, business: Ints, p_business: Floats, shared: Bools) -> Group:
    families, family = np.unique(household, return_inverse=True)
    shops, first, shop = np.unique(business[shared], return_index=True, return_inverse=True)
    operates = np.zeros((len(families), len(shops)), dtype=bool)
    operates[family[shared], shop] = True
    own_none = _product(family[~shared], 1 - p_business[~shared], len(families))
    return Group(families, p_business[shared][first], operates, own_none)
