import pytest

from gisapp.core.dates import checked_date
from gisapp.core.errors import GisappError


def test_a_text_that_is_no_date_is_refused():
    assert checked_date(" 2026-11-01 ") == "2026-11-01"
    with pytest.raises(GisappError, match="2026-13-01"):
        checked_date("2026-13-01")
