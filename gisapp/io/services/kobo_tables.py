"""Submissions of a Kobo survey as tables: one of the survey, one of each repeat group.

They have the columns that the service's own export to a workbook has, so that both are read,
imported and linked in the same way.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

INDEX, PARENT_INDEX, PARENT_TABLE = "_index", "_parent_index", "_parent_table_name"
_OF_SUBMISSIONS = ("_id", "_uuid", "_submission_time", "__version__", INDEX)
_OF_REPEATS = (INDEX, PARENT_TABLE, PARENT_INDEX, "_submission__id", "_submission__uuid")
_PLACE = ("latitude", "longitude", "altitude", "precision")
# Rows of a form that ask nothing, or begin and end a group.
_SILENT = frozenset({"note", "end_group", "end_repeat", "begin_group", "begin_repeat", "audit"})
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f/\\:*?\"<>|]")


class Form:
    """The questions of a survey, by the tables in which their answers stand.

    Parameters
    ----------
    title : str
        The survey's name, which its own table carries.
    rows : sequence of mapping
        The form, as the service describes it (``type``, ``name``).
    submissions : int, optional
        How many there are.
    """

    def __init__(
        self, title: str, rows: Sequence[Mapping[str, Any]], submissions: int | None = None
    ) -> None:
        self.title, self.submissions = _safe_name(title), submissions
        self.repeats: dict[str, str] = {}
        self.questions: dict[str, list[str]] = {"": []}
        self.places: set[str] = set()
        groups: list[tuple[str, bool]] = []
        for row in rows:
            self._take(row, groups)

    def _take(self, row: Mapping[str, Any], groups: list[tuple[str, bool]]) -> None:
        kind = str(row.get("type", "")).replace(" ", "_")
        name = str(row.get("name") or row.get("$autoname") or "")
        if kind in ("end_group", "end_repeat") and groups:
            groups.pop()
        path = "/".join([*(group for group, _repeats in groups), name])
        if kind in ("begin_group", "begin_repeat"):
            groups.append((name, kind == "begin_repeat"))
            if kind == "begin_repeat":
                self.repeats[path] = self._sheet_name(name)
                self.questions[path] = []
        elif name and kind not in _SILENT:
            self.questions[self._table_of(path)].append(path)
            if kind == "geopoint":
                self.places.add(path)

    def _table_of(self, path: str) -> str:
        """Return the path of the innermost repeat group that `path` lies in; empty: none."""
        around = [x for x in self.repeats if path.startswith(f"{x}/")]
        return max(around, key=len, default="")

    def _sheet_name(self, name: str) -> str:
        safe, taken = _safe_name(name), {self.title, *self.repeats.values()}
        numbered = (f"{safe}_{n}" for n in range(1, len(taken) + 2))
        return safe if safe not in taken else next(x for x in numbered if x not in taken)

    def sheet(self, table: str) -> str:
        """Return the name of the sheet of a repeat group's path; of an empty path the survey's."""
        if not table:
            return self.title
        if table not in self.repeats:  # a group that an earlier version of the form had
            self.repeats[table] = self._sheet_name(table.rpartition("/")[2])
        return self.repeats[table]

    @property
    def sheets(self) -> dict[str, tuple[str, ...]]:
        """Sheet to the columns that it will have."""
        found = {"": _OF_SUBMISSIONS} | dict.fromkeys(self.repeats, _OF_REPEATS)
        return {
            self.sheet(table): (*self._headings(self.questions[table]).values(), *own)
            for table, own in found.items()
        }

    def has_place(self, sheet: str) -> bool:
        """Whether a geopoint is asked for in the rows of a sheet."""
        return any(self.sheet(self._table_of(path)) == sheet for path in self.places)

    def _headings(self, paths: Iterable[str]) -> dict[str, str]:
        """Return what the columns of questions are called, those of a place after it."""
        paths = list(paths)
        times = Counter(path.rpartition("/")[2] for path in paths)
        headings: dict[str, str] = {}
        for path in paths:
            name = path.rpartition("/")[2]
            headings[path] = name if times[name] == 1 else path
            if path in self.places:
                headings |= {f"{path}\n{x}": f"_{headings[path]}_{x}" for x in _PLACE}
        return headings

    def headings(self, rows: Sequence[Mapping[str, Any]], table: str) -> dict[str, str]:
        """Return the columns of a table: the form's, then what else its rows answer."""
        asked = list(self.questions.get(table, ()))
        known = set(asked)
        more = dict.fromkeys(k for row in rows for k in row if k not in known and _is_answer(k))
        return self._headings([*asked, *more])


def write_tables(path: Path, form: Form, submissions: Sequence[Mapping[str, Any]]) -> Path:
    """Write the tables of a survey into a zip of CSV files.

    Parameters
    ----------
    path : Path
        Of the new file.
    form : Form
    submissions : sequence of mapping
        Path of a question to its answer; of a repeat group to a list of such.
    """
    tables: dict[str, list[dict[str, Any]]] = {x: [] for x in ("", *form.repeats)}
    for number, submission in enumerate(submissions, 1):
        row = {**_answers(submission), INDEX: number}
        row |= {k: submission.get(k) for k in _OF_SUBMISSIONS if k != INDEX}
        tables[""].append(row)
        _unfold(submission, number, "", form, submission, tables)
    with zipfile.ZipFile(path, "w") as archive:
        for table, rows in tables.items():
            headings = form.headings(rows, table)
            own = _OF_REPEATS if table else _OF_SUBMISSIONS
            archive.writestr(f"{form.sheet(table)}.csv", _csv(headings, own, rows))
    return path


def _unfold(
    record: Mapping[str, Any],
    index: int,
    table: str,
    form: Form,
    submission: Mapping[str, Any],
    tables: dict[str, list[dict[str, Any]]],
) -> None:
    """Give every row of the repeat groups in `record` a place in its table, and its parent's."""
    for path, rows in record.items():
        if not _is_repeat(path, rows):
            continue
        form.sheet(path)
        for inner in rows:
            own = tables.setdefault(path, [])
            own.append(
                {
                    **_answers(inner),
                    INDEX: len(own) + 1,
                    PARENT_TABLE: form.sheet(table),
                    PARENT_INDEX: index,
                    "_submission__id": submission.get("_id"),
                    "_submission__uuid": submission.get("_uuid"),
                }
            )
            _unfold(inner, len(own), path, form, submission, tables)


def _is_repeat(path: str, value: Any) -> bool:
    return (
        _is_answer(path)
        and isinstance(value, list)
        and bool(value)
        and all(isinstance(x, dict) for x in value)
    )


def _is_answer(path: str) -> bool:
    """Whether a key of a submission is a question: others are the service's own, or personal."""
    return not path.startswith(("_", "meta/", "formhub/"))


def _answers(record: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in record.items() if _is_answer(k) and v != [] and not _is_repeat(k, v)}


def _csv(
    headings: Mapping[str, str], own: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> bytes:
    """Write rows as CSV; what is not answered stays empty."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow([*headings.values(), *own])
    for row in rows:
        writer.writerow([_cell(row, key) for key in (*headings, *own)])
    return text.getvalue().encode("utf-8", "replace")


def _cell(row: Mapping[str, Any], key: str) -> str:
    path, _mark, part = key.partition("\n")
    value = row.get(path)
    if part:
        parts = str(value or "").split()
        place = _PLACE.index(part)
        return parts[place] if place < len(parts) else ""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _safe_name(text: str) -> str:
    """Return a name that an archive and every file system take."""
    return _NOT_IN_NAMES.sub("_", text).strip(" .")[:100] or "survey"
