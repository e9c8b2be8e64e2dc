"""What the ledger says of a project that left the machine sealed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gisapp.core.project import ExportRecord

if TYPE_CHECKING:
    from pathlib import Path

    from gisapp.core.project import Project
    from gisapp.io.sealing import Sealed

SEALED = "sealed"


def sealing_record(project: Project, file: Path, sealed: Sealed, recipient: str) -> ExportRecord:
    """Return the line for the ledger: everything left, for `recipient`, under a passphrase."""
    return ExportRecord(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        file=file.name,
        what="project",
        preset=SEALED,
        recipient=recipient.strip(),
        columns=(),
        features=sum(len(layer.frame) for layer in project.layers),
        k_min=None,
        sha256=sealed.sha256,
    )
