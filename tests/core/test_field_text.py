import pytest

from gisapp.core.field_text import value_text


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.0, "0"), (3, "3"), (0.25, "0.25"), (1.239, "1.24"), (0.0004, "0.0004"),
     (-0.00312, "-0.003"), (3e-9, "0.000000")],
)  # fmt: skip
def test_a_small_number_is_not_called_zero(value: float, told: str) -> None:
    assert value_text(value) == told
