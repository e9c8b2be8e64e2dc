"""Of a chain: the documents and photos that are attached to what a step stands on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gisapp.analysis.chain import Step
from gisapp.analysis.evidence_parts import dated, fact
from gisapp.core.words import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gisapp.core.attachment import Attachment


def with_documents(step: Step, attachments: Iterable[Attachment]) -> Step:
    """Return a step with a step below it for each document of its area or provision."""
    known = tuple(attachments)
    inner = tuple(with_documents(below, known) for below in step.steps)
    owner = _owner(step)
    own = tuple(_document(x) for x in known if (x.to_kind, x.to_id) == owner)
    return replace(step, steps=(*inner, *own))


def _owner(step: Step) -> tuple[str, str] | None:
    """Return the kind and id of the record that a step tells of; its area is told elsewhere."""
    if step.kind != "provision":
        return step.about
    return ("provisions", step.value("id")) if step.value("coded") else None


def _document(attachment: Attachment) -> Step:
    facts = (
        fact("name", _("File"), attachment.name),
        *([fact("source", _("From whom"), attachment.source)] if attachment.source else []),
        *([dated("dated", _("Dated"), attachment.dated)] if attachment.dated else []),
        *([fact("note", _("Note"), attachment.note)] if attachment.note else []),
        fact("sha256", _("SHA-256 of the file"), attachment.sha256),
    )
    said = _("Attached to it: {title}").format(title=attachment.shown_title)
    return Step("document", said, facts)
