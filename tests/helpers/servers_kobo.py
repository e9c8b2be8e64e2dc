"""A stub of KoboToolbox's API v2, after its documentation: assets, their content, their data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from helpers.servers import Answer, Asked, as_json

UID = "aCiracasSurvey1"
TOKEN = "a-token-of-a-test"
API = "/api/v2/assets"
SURVEY = (
    {"type": "start", "name": "start"},
    {"type": "begin_group", "name": "rumah_tangga"},
    {"type": "integer", "name": "anggota"},
    {"type": "select_one", "name": "status_tinggal"},
    {"type": "geopoint", "name": "rumah"},
    {"type": "end_group"},
    {"type": "begin_repeat", "name": "usaha"},
    {"type": "text", "name": "id_usaha"},
    {"type": "decimal", "name": "bagian"},
    {"type": "end_repeat"},
    {"type": "note", "name": "terima_kasih"},
)


@dataclass
class KoboStub:
    """Families numbered from 1, each with as many businesses as its number modulo 3."""

    families: int = 5
    page: int = 2
    counts: int | None = None

    def __call__(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != f"Token {TOKEN}":
            return as_json({"detail": "Authentication credentials were not provided."}, 401)
        if asked.path == f"{API}/":
            return as_json({"count": 1, "next": None, "results": [self.asset()]})
        if asked.path == f"{API}/{UID}/":
            return as_json({**self.asset(), "content": {"survey": list(SURVEY)}})
        if asked.path == f"{API}/{UID}/data/":
            return self.data(asked)
        return as_json({"detail": "Not found."}, 404)

    def asset(self) -> dict[str, Any]:
        return {
            "uid": UID,
            "name": "Survei Ciracas",
            "asset_type": "survey",
            "has_deployment": True,
            "deployment__submission_count": self.families,
        }

    def data(self, asked: Asked) -> Answer:
        start = int(asked.get("start", "0"))
        numbers = range(start + 1, min(start + self.page, self.families) + 1)
        end = start + self.page
        host = asked.headers["host"]
        following = f"http://{host}{API}/{UID}/data/?start={end}&limit={self.page}&format=json"
        return as_json(
            {
                "count": self.families if self.counts is None else self.counts,
                "next": following if end < self.families else None,
                "previous": None,
                "results": [submission(x) for x in numbers],
            }
        )


def submission(number: int) -> dict[str, Any]:
    return {
        "_id": 1000 + number,
        "_uuid": f"uuid-{number}",
        "_submission_time": "2026-03-01T08:00:00",
        "__version__": "v1",
        "_submitted_by": "petugas",
        "_attachments": [],
        "_geolocation": [-6.33, 106.87],
        "formhub/uuid": "f00",
        "meta/instanceID": f"uuid:uuid-{number}",
        "start": "2026-03-01T07:50:00",
        "rumah_tangga/anggota": "4",
        "rumah_tangga/status_tinggal": "milik",
        "rumah_tangga/rumah": f"{-6.33 + number / 1000:.4f} 106.8700 30.5 5.2",
        "usaha": [
            {"usaha/id_usaha": f"B{number}{n}", "usaha/bagian": "0.5"} for n in range(number % 3)
        ],
    }
