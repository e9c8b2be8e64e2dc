"""Rows that were not taken in, as they are corrected by hand. No Qt."""

from __future__ import annotations

import json
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gisapp.core.reasons import reason_text
from gisapp.core.words import _, label, ngettext, number
from gisapp.io.catalogue import load_catalogue
from gisapp.io.locations import LOCATION_NAMES
from gisapp.ui.import_form import location_title

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from gisapp.core.layer import Layer, Table

ROW, REASON, ID = 0, 1, 2
# Rows looked through for columns: a row of a text file has them all, one of GeoJSON may not.
_PROBED_ROWS = 200
_UNREAD = "error"


class MendingForm:
    """The quarantine of a layer or table with what the user typed over it.

    A *place* is a row on show, from 0; a column is `ROW`, `REASON`, `ID` or one of the source's.

    Parameters
    ----------
    part : Layer or Table
    """

    def __init__(self, part: Layer | Table) -> None:
        self._part = part
        rows = part.quarantine
        self._numbers = np.array([] if rows is None else rows["row"], dtype=np.int64)
        self._reasons = np.array([] if rows is None else rows["reason"], dtype=object)
        self._values: dict[int, dict[str, str]] = {}
        self._typed: dict[int, dict[str, str]] = {}
        self._columns = self._source_columns()
        self.places = np.arange(len(self._numbers))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The headings; a view asks for them at every turn."""
        return (_("Row"), _("Reason"), _("Identifier"), *map(self._title, self._columns))

    @property
    def corrections(self) -> dict[int, dict[str, str]]:
        """What was typed: source row number to column (or ``id``) to text."""
        return {row: dict(texts) for row, texts in self._typed.items()}

    @property
    def reasons(self) -> tuple[tuple[str, str], ...]:
        """The reasons that occur, with their text and count, the frequent ones first."""
        if self._part.quarantine is None:
            return ()
        counts = self._part.quarantine["reason"].value_counts().items()
        return tuple((str(x), f"{reason_text(str(x))} ({number(n)})") for x, n in counts)

    def show_only(self, reason: str) -> None:
        """Show the rows with one reason; an empty one: every row."""
        every = np.arange(len(self._numbers))
        self.places = every[self._reasons == reason] if reason else every

    def row_of(self, place: int) -> int:
        """Return which row of the quarantine is shown at a place."""
        return int(self.places[place])

    def text(self, place: int, column: int) -> str:
        """Return what stands in a cell: what was typed, else what the source says."""
        row = self.row_of(place)
        if column == ROW:
            return str(self._numbers[row])
        if column == REASON:
            return reason_text(self._reasons[row])
        typed = self._typed.get(int(self._numbers[row]), {})
        name = self._name(column)
        return typed[name] if name in typed else self._given(row, name)

    def is_typed(self, place: int, column: int) -> bool:
        """Whether the text of a cell was typed here."""
        number_ = int(self._numbers[self.row_of(place)])
        return column >= ID and self._name(column) in self._typed.get(number_, {})

    def is_editable(self, place: int, column: int) -> bool:
        """Whether a cell can be corrected; not so in a row that could not be taken apart."""
        return column >= ID and self._can_be_mended(self.row_of(place))

    def type(self, place: int, column: int, text: str) -> None:
        """Correct a cell; what the source says already is no correction."""
        row, name, text = self.row_of(place), self._name(column), text.strip()
        number_ = int(self._numbers[row])
        typed = self._typed.setdefault(number_, {})
        typed.pop(name, None)
        if text != self._given(row, name):
            typed[name] = text
        if not typed:
            del self._typed[number_]

    def forget_typed(self) -> None:
        """Take every correction back."""
        self._typed.clear()

    def remedy(self, place: int) -> str:
        """Say in words what can be done about a row."""
        row = self.row_of(place)
        if not self._can_be_mended(row):
            why = self._value_of(row)[_UNREAD]
            mend = _("It could not be read: {why}. Mend it in the source and import again.")
            return mend.format(why=why.rstrip("."))
        return remedy_text(self._reasons[row])

    @property
    def _mapping(self) -> Mapping[str, str]:
        return self._part.report.mapping if self._part.report is not None else {}

    @property
    def _quarantine(self) -> pd.DataFrame:
        assert self._part.quarantine is not None
        return self._part.quarantine

    def _title(self, column: str) -> str:
        """Return a column as the source calls it, with the field that it is taken for."""
        name = next((name for name, x in self._mapping.items() if x == column), "")
        kind = load_catalogue().kinds.get(self._part.kind)
        field = ""
        if name in LOCATION_NAMES:
            field = location_title(name)
        elif kind is not None and name in kind.fields:
            field = label(kind.fields[name].labels)
        return column if field in ("", column) else f"{column} ({field})"

    def _name(self, column: int) -> str:
        return "id" if column == ID else self._columns[column - ID - 1]

    def _given(self, row: int, name: str) -> str:
        if name == "id":
            given = self._quarantine["id"].array[row]
            return given if isinstance(given, str) else ""
        return str(self._value_of(row).get(name, ""))

    def _value_of(self, row: int) -> dict[str, str]:
        if row not in self._values:
            self._values[row] = json.loads(self._quarantine["values"].array[row])
        return self._values[row]

    def _can_be_mended(self, row: int) -> bool:
        return self._reasons[row] != "unreadable_row" or set(self._value_of(row)) != {_UNREAD}

    def _source_columns(self) -> tuple[str, ...]:
        """Return the source's columns: those of the place first, then mapped ones, then others."""
        if not len(self._numbers):
            return ()
        mapped = {name: x for name, x in self._mapping.items() if ":" not in name and name != "id"}
        places = [mapped[name] for name in LOCATION_NAMES if name in mapped]
        probed = range(min(len(self._numbers), _PROBED_ROWS))
        found = [x for row in probed if self._can_be_mended(row) for x in self._value_of(row)]
        return tuple(dict.fromkeys((*places, *mapped.values(), *found)))


def remedy_text(reason: str) -> str:
    """Return what can be done about a row that was refused for a reason."""
    return {
        "no_location": _("Type both coordinates."),
        "null_island": _("0, 0 is what a device writes that has no position: type the real one."),
        "outside_area": _(
            "A digit or a sign may be wrong. Where the place is right, the project's admin areas "
            "are too small."
        ),
        "bad_number": _("Write the coordinates as numbers, like -6.3295 and 106.8713."),
        "duplicate_id": _("Type another id, where this is not the same record as the other row."),
        "empty_geometry": _("The shape is empty: draw it in the source and import again."),
        "wrong_geometry": _(
            "The shape is of a type that this layer does not hold: mend it in the source."
        ),
        "unreadable_row": _("A value is missing that the row means nothing without: type it."),
    }.get(reason, "")


def count_text(part: Layer | Table, n: int) -> str:
    """Say how many rows were not taken in, and what can be done here."""
    source = part.report.source if part.report else part.name
    text = ngettext(
        "{n} row of {source} was not taken in. Correct it here and take it in.",
        "{n} rows of {source} were not taken in. Correct them here and take them in.",
        n,
    )
    return text.format(n=number(n), source=source)


def answer_text(n: int, refused: Mapping[int, str]) -> str:
    """Say what became of `n` corrected rows, of which some were refused for a reason."""
    taken = n - len(refused)
    text = ngettext("{n} row was taken in.", "{n} rows were taken in.", taken)
    told = [text.format(n=number(taken))]
    if refused:
        counts = Counter(refused.values()).most_common()
        why = ", ".join(f"{reason_text(x)} {number(count)}" for x, count in counts)
        still = ngettext(
            "{n} row still cannot be: {why}.", "{n} rows still cannot be: {why}.", len(refused)
        )
        told.append(still.format(n=number(len(refused)), why=why))
    return " ".join(told)
