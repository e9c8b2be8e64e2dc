"""Of a chain: the provisions that apply to a subject, and the contradiction between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp.analysis.chain import Fact, Step
from gisapp.analysis.coding import codings_of
from gisapp.analysis.evidence_parts import Asked, dated, fact
from gisapp.analysis.register import NARROWINGS, OWN_STANCE
from gisapp.core.field_text import value_text
from gisapp.core.words import _, label, number

if TYPE_CHECKING:
    import pandas as pd


def contradiction_step(asked: Asked) -> Step:
    """Return s⁺, s⁻ and C with every provision that applies, the strongest of each side first."""
    found = asked.about.contradiction
    applied = found.applied[found.applied["subject"].to_numpy() == asked.row]
    applied = applied.sort_values("stance", ascending=False, kind="stable")
    s_plus = max((float(x) for x in applied["stance"]), default=0.0)
    s_minus = float(found.lowest[asked.row])
    s_plus, score = max(s_plus, 0.0), float(found.score[asked.row])
    steps = tuple(_provision_step(asked, row) for _n, row in applied.iterrows())
    text = _("C = min(s⁺, |s⁻|) / 3 = min({plus}, {minus}) / 3 = {score}").format(
        plus=number(s_plus), minus=number(abs(s_minus)), score=number(score, 2)
    )
    facts = (
        fact("s_plus", _("s⁺, the strongest promoting stance"), s_plus),
        Fact(
            "s_minus",
            _("s⁻, the strongest repressing stance"),
            number(s_minus).replace("-", "−"),
            s_minus,
        ),
        fact("contradiction", _("Contradiction C"), score),
    )
    return Step("contradiction", text, facts, steps)


def _provision_step(asked: Asked, applied: pd.Series) -> Step:
    ground = asked.found.provisions.grounds.iloc[int(applied["ground"])]
    stance, provision = int(applied["stance"]), int(applied["provision"])
    about = (str(ground["area_kind"]), str(ground["area_id"]))
    common = [
        Fact("stance", _("Stance"), _signed(stance), stance),
        Fact("area_kind", _("Through"), _part_title(asked, about[0]), about[0]),
        fact("area_id", _("Its id"), about[1]),
    ]
    if provision == OWN_STANCE:
        text = _("{instrument}: {stance}, gisapp's own; no provision is coded for it.").format(
            instrument=ground["instrument"] or ground["name"], stance=_signed(stance)
        )
        common += [
            fact("instrument", _("Instrument"), ground["instrument"] or None),
            fact("institution", _("Institution"), ground["institution"] or None),
            fact("coded", _("Coded in the register"), False),
        ]
        return Step("provision", text, tuple(common), (), about)
    row = asked.found.provisions.register.iloc[provision]
    text = _("{instrument}: {stance}, {why}. Coded by {coder}: “{quote}”").format(
        instrument=row["instrument"], stance=_signed(stance), why=_why(ground, row),
        coder=row["coded_by"] or _("nobody who is named"), quote=row["quote"],
    )  # fmt: skip
    facts = (*common, *_register_facts(asked, row))
    return Step("provision", text, facts, _coding_steps(asked, str(row["id"])), about)


def _coding_steps(asked: Asked, provision: str) -> tuple[Step, ...]:
    """Return what each coder made of a provision, where several were asked."""
    codings = codings_of(asked.case.presence.project)
    steps = []
    for row in codings[codings["provision_id"] == provision].to_dict("records"):
        said = _("{coder} codes it {stance}.").format(
            coder=row["coder"], stance=_signed(int(row["stance"]))
        )
        facts = (
            fact("coder", _("Coder"), row["coder"]),
            Fact("stance", _("Stance"), _signed(int(row["stance"])), int(row["stance"])),
            dated("coded_on", _("Coded on"), row["coded_on"]),
            fact("note", _("Note"), row["note"] or None),
        )
        steps.append(Step("coding", said, facts))
    return tuple(steps)


def _part_title(asked: Asked, kind: str) -> str:
    """Return a kind of area or support in words."""
    known = asked.catalogue.kinds.get(kind)
    return label(known.labels) if known else kind


def _register_facts(asked: Asked, row: pd.Series) -> tuple[Fact, ...]:
    labels = {
        "id": _("Provision"),
        "instrument": _("Instrument"),
        "institution": _("Institution"),
        "applies_to": _("Applies to"),
        "quote": _("Quote"),
        "coded_by": _("Coded by"),
    }
    return (
        fact("coded", _("Coded in the register"), True),
        *(fact(name, title, row[name] or None) for name, title in labels.items()),
        Fact("status", _("Status"), _status_text(asked, row["status"]), row["status"] or None),
        dated("valid_from", _("In force from"), row["valid_from"]),
        dated("valid_to", _("In force until before"), row["valid_to"]),
    )


def _status_text(asked: Asked, status: str) -> str:
    kind = asked.catalogue.kinds.get("provisions")
    field = kind.fields.get("status") if kind else None
    return value_text(status, field) if status else _("not known")


def _why(ground: pd.Series, row: pd.Series) -> str:
    """Say by what the register's row names the ground, and to whom it is narrowed."""
    named = {
        "area_id": _("because it names this area"),
        "layer": _("because it names the layer {target}"),
        "programme": _("because it names the programme {target}"),
        "area_kind": _("because it names every area of the kind {target}"),
    }
    by = next((name for name in named if row["target"] and ground[name] == row["target"]), "")
    because = named[by] if by else _("because the support area names it")
    said = because.format(target=row["target"])
    narrowed = [f"{name} = {row[name]}" for name in NARROWINGS if row[name]]
    if not narrowed:
        return said
    return _("{because}, for {whom} only").format(because=said, whom=", ".join(narrowed))


def _signed(stance: int) -> str:
    return f"+{stance}" if stance > 0 else str(stance).replace("-", "−")
