"""Where classes of numbers end: the schemes of mapclassify on whatever data there are."""

from __future__ import annotations

import threading
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from gisapp.core.style import Scheme

# Fisher and Jenks compare every value with every other one, k-means goes over them many times:
# from larger columns they see this many values, evenly spaced in the order of size.
SAMPLE: dict[Scheme, int] = {"fisher_jenks": 2_000, "natural_breaks": 10_000}
# These put limits between groups of values: with no more values than classes, each is its own.
_GROUPING: tuple[Scheme, ...] = ("quantiles", "fisher_jenks", "natural_breaks")
SEED = 20_261_101
_prepared = threading.Event()


@dataclass(frozen=True)
class Limits:
    """The limits of classes of numbers.

    Parameters
    ----------
    lowest : float
        The least value; NaN where there is none.
    upper : tuple of float
        The upper limit of each class, rising; a value on a limit belongs to the lower class.
    sampled : int
        How many values were looked at where that was not all of them; else 0.
    """

    lowest: float
    upper: tuple[float, ...]
    sampled: int = 0


def limits_of(values: NDArray[np.float64], scheme: Scheme, k: int) -> Limits:
    """Cut finite values into classes.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        In any order, which changes nothing. Missing and infinite ones are left out.
    scheme : Scheme
        Any but ``categories`` and ``given``.
    k : int
        How many classes are wanted, 2 or more. `head_tail` and `std_mean` have their own number,
        `pretty` is about `k`; fewer distinct values give fewer classes.

    Notes
    -----
    Jenks 1977, "Optimal data classification for choropleth maps"; Fisher 1958; Jiang 2013 (head and
    tail); the rest as mapclassify documents them.
    """
    ordered = np.sort(values[np.isfinite(values)])
    if not ordered.size:
        return Limits(float("nan"), ())
    lowest, highest = float(ordered[0]), float(ordered[-1])
    if lowest == highest:
        return Limits(lowest, (highest,))
    distinct = np.unique(ordered)
    if scheme in _GROUPING and distinct.size <= k:
        return Limits(lowest, tuple(distinct.tolist()))
    looked_at = _sample(ordered, SAMPLE.get(scheme, ordered.size))
    upper = np.unique(_SCHEMES[scheme](looked_at, k))
    upper = upper[(upper >= lowest) & np.isfinite(upper)]
    upper = np.append(upper[upper < highest], _last(upper, highest, scheme))
    sampled = 0 if looked_at.size == ordered.size else int(looked_at.size)
    return Limits(lowest, tuple(upper.tolist()), sampled)


def _last(upper: NDArray[np.float64], highest: float, scheme: Scheme) -> float:
    """Return the last limit: the greatest value, or the round number above it."""
    beyond = upper[upper >= highest]
    return float(beyond[0]) if scheme == "pretty" and beyond.size else highest


def _sample(ordered: NDArray[np.float64], most: int) -> NDArray[np.float64]:
    if ordered.size <= most:
        return ordered
    return ordered[np.linspace(0, ordered.size - 1, most).round().astype(np.int64)]


def _plain(name: str) -> Callable[[NDArray[np.float64], int], NDArray[np.float64]]:
    def limits(ordered: NDArray[np.float64], k: int) -> NDArray[np.float64]:
        return _bins(name, ordered, k=k)

    return limits


def _without_k(name: str) -> Callable[[NDArray[np.float64], int], NDArray[np.float64]]:
    return lambda ordered, _k: _bins(name, ordered)


def _grouped(name: str) -> Callable[[NDArray[np.float64], int], NDArray[np.float64]]:
    # mapclassify sums squares in single precision, in which incomes in rupiah are all alike.
    def limits(ordered: NDArray[np.float64], k: int) -> NDArray[np.float64]:
        shares = (ordered - ordered[0]) / (ordered[-1] - ordered[0])
        at = np.searchsorted(shares, _bins(name, shares, k=min(k, np.unique(shares).size)))
        return ordered[np.minimum(at, ordered.size - 1)]

    return limits


def is_prepared() -> bool:
    """Whether what cutting needs is imported."""
    return _prepared.is_set()


def prepare() -> None:
    """Import what cutting needs, which takes some seconds: once, and off the GUI thread."""
    import mapclassify  # noqa: F401 - brings scikit-learn and numba along

    _prepared.set()


def _bins(name: str, ordered: NDArray[np.float64], **options: Any) -> NDArray[np.float64]:
    prepare()
    import mapclassify

    state = np.random.get_state()
    np.random.seed(SEED)  # its k-means asks numpy's own generator
    try:
        with warnings.catch_warnings():
            # Ties leave fewer limits than classes; what is left is what the caller takes.
            warnings.filterwarnings("ignore", "Not enough unique values", UserWarning)
            made = getattr(mapclassify, name)(ordered, **options)
    finally:
        np.random.set_state(state)
    return np.asarray(made.bins, dtype=np.float64)


def _pretty(ordered: NDArray[np.float64], k: int) -> NDArray[np.float64]:
    # mapclassify adds the step up, which makes 0.30000000000000004 of 0.3.
    return np.array([float(f"{x:.12g}") for x in _bins("PrettyBreaks", ordered, k=k)])


_SCHEMES: dict[Scheme, Callable[[NDArray[np.float64], int], NDArray[np.float64]]] = {
    "equal_interval": _plain("EqualInterval"),
    "quantiles": _plain("Quantiles"),
    "fisher_jenks": _grouped("FisherJenks"),
    "natural_breaks": _grouped("NaturalBreaks"),
    "std_mean": _without_k("StdMean"),
    "head_tail": _without_k("HeadTailBreaks"),
    "pretty": _pretty,
}
