"""What is attached to an area or a provision is told where a chain stands on it, and only there."""

from __future__ import annotations

from dataclasses import replace

from helpers.evidence import many_reasons

from gisapp.analysis.chain import Chain, Fact, Step
from gisapp.analysis.evidence import evidence
from gisapp.analysis.evidence_documents import with_documents
from gisapp.core.attachment import Attachment
from gisapp.io.catalogue import load_catalogue


def letter(number: int, kind: str, identifier: str) -> Attachment:
    return Attachment(
        str(number), kind, identifier, f"{number}.pdf", "", "application/pdf", 1, "0" * 64, ""
    )


def chain(*attached: Attachment) -> Chain:
    project = replace(many_reasons(), attachments=attached)
    subjects = [f"b{i}" for i in range(40)]
    chains = (evidence(project, ("businesses", x), load_catalogue()) for x in subjects)
    return next(found for found in chains if found.of("eviction") and found.of("provision"))


def below(step: Step) -> list[str]:
    return [str(x.value("name")) for x in step.steps if x.kind == "document"]


def test_a_letter_stands_below_the_eviction_it_belongs_to() -> None:
    identifier = chain().of("eviction")[0].about[1]
    found = chain(letter(1, "evictions", identifier), letter(2, "evictions", "elsewhere"))
    holders = [step for step in found.every() if below(step)]
    assert [(x.kind, x.about, below(x)) for x in holders] == [
        ("eviction", ("evictions", identifier), ["1.pdf"])
    ]


def test_a_provision_has_its_own_and_not_those_of_the_area_that_it_applies_to() -> None:
    coded = (Fact("coded", "", "", True), Fact("id", "", "", "P1"))
    step = Step("provision", "", coded, (), ("evictions", "E1"))
    found = with_documents(step, [letter(1, "provisions", "P1"), letter(2, "evictions", "E1")])
    assert below(found) == ["1.pdf"]
    own = Step("provision", "", (Fact("coded", "", "", False),), (), ("evictions", "E1"))
    assert below(with_documents(own, [letter(2, "evictions", "E1")])) == []


def test_what_a_reader_is_told_has_no_codes() -> None:
    facts = chain().of("parameters")[0].facts
    assert {fact.name: fact.text for fact in facts}["unlisted"] == "no rule"
