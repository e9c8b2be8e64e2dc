import pytest
from helpers.policy import point, project

from gisapp.analysis.assess import assess
from gisapp.core.errors import Cancelled


class Steps:
    """Notes each step and stops at one of them."""

    def __init__(self, stop_at=None):
        self.seen, self.stop_at = [], stop_at

    def step(self, done, total, text):
        assert text
        self.seen.append((done, total))
        if done == self.stop_at:
            raise Cancelled


def stalls():
    """A project that nobody has asked about."""
    return project(businesses=[{"id": "B1", "geometry": point(0, 0)}])


def test_it_tells_each_step_once_up_to_the_last():
    progress = Steps()
    assess(stalls(), progress=progress)
    total = progress.seen[-1][1]
    assert progress.seen == [(done, total) for done in range(total + 1)]


def test_it_stops_where_the_user_asks():
    progress = Steps(stop_at=2)
    with pytest.raises(Cancelled):
        assess(stalls(), progress=progress)
    assert progress.seen[-1][0] == 2
