"""KoboToolbox: surveys and their submissions, brought as the tables that its own export has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from gisapp.io.services.kobo_tables import Form, write_tables
from gisapp.io.services.service import (
    Listing,
    ServiceLayer,
    Stepping,
    dicts,
    incomplete,
    member,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gisapp.core.progress import Progress
    from gisapp.io.services.http import Door, Tick
    from gisapp.io.services.service import Bounds
    from gisapp.io.source import RawTable

MARK = re.compile(
    r"^https?://(?:(?:kf|kobo)\.[^/]+|[^/]*\bkobotoolbox\.org)(?:/|$)"
    r"|^https?://[^/]+/(?:api/v2/assets|#/forms)\b",
    re.IGNORECASE,
)
_SURVEY = re.compile(r"(?:assets/|forms/|#)(?P<uid>a[A-Za-z0-9]{10,})")
_HOST = re.compile(r"^https?://[^/?#]+")
# The most that the service gives at once since 2026.
SUBMISSIONS_A_PAGE = 1000
_SURVEYS_A_PAGE = 100


class KoboService:
    """The surveys of an account, or one survey with its repeat groups."""

    def __init__(self, door: Door, url: str) -> None:
        host, survey = _HOST.match(url), _SURVEY.search(url)
        assert host is not None
        self._door = door
        self._assets = f"{host[0]}/api/v2/assets"
        self._uid = survey["uid"] if survey else ""

    def listing(self, tick: Tick) -> Listing:
        """List the surveys of the account; of one survey, its sheets."""
        if not self._uid:
            return Listing(tuple(self._surveys(tick)))
        form = self._form(self._uid, tick)
        counts = dict.fromkeys(form.sheets) | {form.title: form.submissions}
        address = f"{self._assets}/{self._uid}/"
        return Listing(
            tuple(
                ServiceLayer(sheet, address, counts[sheet], *_lie(form, sheet), columns)
                for sheet, columns in form.sheets.items()
            ),
            alone=True,
        )

    def fetch(
        self, layer: ServiceLayer, _bounds: Bounds | None, folder: Path, progress: Progress
    ) -> Path:
        """Bring the submissions of a survey, with a table for each repeat group."""
        tick = Stepping(progress, layer)
        match = _SURVEY.search(layer.address)
        assert match is not None
        form = self._form(match["uid"], tick)
        submissions = list(self._submissions(match["uid"], tick))
        return write_tables(folder / "survey.zip", form, submissions)

    def tables(self, read: tuple[RawTable, ...], _layer: ServiceLayer) -> tuple[RawTable, ...]:
        """Return the sheets as they are called."""
        return read

    def _surveys(self, tick: Tick) -> Iterator[ServiceLayer]:
        seen: set[str] = set()
        params = {"q": "asset_type:survey", "limit": _SURVEYS_A_PAGE, "format": "json"}
        for asset in self._paged(f"{self._assets}/", params, tick):
            uid, title = str(asset.get("uid")), str(asset.get("name") or asset.get("uid"))
            if not asset.get("has_deployment", True) or not _SURVEY.search(f"assets/{uid}"):
                continue
            name = title if title not in seen else f"{title} ({uid})"
            seen.add(name)
            yield ServiceLayer(name, f"{self._assets}/{uid}/", _submissions_of(asset))

    def _form(self, uid: str, tick: Tick) -> Form:
        asset = self._door.json(f"{self._assets}/{uid}/", {"format": "json"}, tick)
        if not isinstance(asset, dict) or asset.get("uid") != uid:
            raise self._door.no_service()
        rows = dicts(member(asset, "content"), "survey")
        return Form(str(asset.get("name") or uid), rows, _submissions_of(asset))

    def _submissions(self, uid: str, tick: Stepping) -> Iterator[dict[str, Any]]:
        """Yield all submissions, in the order in which the survey's own export has them."""
        params = {"format": "json", "limit": SUBMISSIONS_A_PAGE, "start": 0, "sort": '{"_id":1}'}
        for submission in self._paged(f"{self._assets}/{uid}/data/", params, tick):
            yield submission
            tick.done += 1

    def _paged(self, url: str, params: dict[str, Any], tick: Tick) -> Iterator[dict[str, Any]]:
        seen, got, count = set[str](), 0, 0
        while url and url not in seen:
            seen.add(url)
            answer = self._door.json(url, params, tick)
            if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
                raise self._door.no_service()
            count = answer["count"] if isinstance(answer.get("count"), int) else 0
            if isinstance(tick, Stepping):
                tick.total = count
            page = dicts(answer, "results")
            got += len(page)
            yield from page
            following = answer.get("next") if page else None
            url = self._door.resolve(str(following), url) if following else ""
            params = {}
            tick()
        if got != count:
            raise incomplete(self._door.host, got, count)


def _lie(form: Form, sheet: str) -> tuple[str, str]:
    """Return the geometry type and CRS of a sheet."""
    return ("Point", "EPSG:4326") if form.has_place(sheet) else ("table", "")


def _submissions_of(asset: dict[str, Any]) -> int | None:
    count = asset.get("deployment__submission_count")
    return count if isinstance(count, int) else None
