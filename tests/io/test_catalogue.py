"""The catalogue that ships says what the domain says, and a wrong one is refused."""

import pytest

from gisapp.core import assessment, policy
from gisapp.core.errors import GisappError
from gisapp.io.bundled import bundled
from gisapp.io.catalogue import load_catalogue, parse_catalogue, unknown_name

FIELDS = {
    "admin": "code name level population families source",
    "businesses": "name activity kbli kbli_edition form location_kind workers net_income_idr_month "
    "gps_precision_m permit permit_valid_to schedule consent source observed_on",
    "households": "members under18 over60 disability head_sex tenure income_idr_month desil "
    "gps_precision_m consent source observed_on",
    "operates": "household_id business_id income_share",
    "supports": "household_id business_id programme amount_idr valid_from valid_to",
    "zoning": "KODZON_1 KODSZN_1 NAMOBJ WADMKD WADMKC TPZ_00 IZN TBT BST ZONA SUB_ZONA DIIZINKAN "
    "TERBATAS BERSYARAT plan valid_from valid_to",
    "evictions": "name stage reason actor reported_kk reported_units valid_from valid_to",
    "support_areas": "name support_kind provision_id valid_from valid_to",
    "sites": "name site_kind capacity occupied as_of",
    "provisions": "instrument number year article status institution institution_kind deontic "
    "stance applies_to quote coded_by",
    "rules": "subzone kbli_prefix permission condition",
}


@pytest.mark.parametrize("kind", FIELDS)
def test_every_field_of_the_domain_is_there(kind):
    assert set(FIELDS[kind].split()) <= set(load_catalogue().kind(kind).fields)


def test_codes_are_those_of_the_policy():
    kinds = load_catalogue().kinds
    assert set(kinds["evictions"].fields["stage"].codes) == {*policy.STAGES, policy.CANCELLED}
    assert set(kinds["rules"].fields["permission"].codes) == set(policy.PERMISSION_CLASS)
    classes = kinds["assessed_businesses"].fields["class"].codes
    assert set(classes) == set(policy.CONFORMITY_CLASSES)
    impacts = kinds["assessed_households"].fields["family_impact"].codes
    assert set(impacts) == set(policy.IMPACTS)
    for generation in policy.ZONING_COLUMNS.values():
        assert set(generation.values()) <= set(kinds["zoning"].fields)


def test_result_kinds_have_the_columns_of_an_assessment():
    said = assessment.Assessment.__doc__
    for kind in ("assessed_businesses", "assessed_households"):
        for field in load_catalogue().kind(kind).fields:
            assert f"``{field}``" in said


def test_everything_has_a_label_in_both_languages():
    for kind in load_catalogue().kinds.values():
        labelled = [kind.labels]
        for field in kind.fields.values():
            labelled += [field.labels, *field.codes.values()]
        assert all(set(labels) == {"id", "en"} and all(labels.values()) for labels in labelled)


def test_an_alias_means_one_field_of_a_kind_and_another_word_means_a_code():
    for kind in load_catalogue().kinds.values():
        aliases = [alias for field in kind.fields.values() for alias in field.aliases]
        assert len(aliases) == len(set(aliases)), kind.name
        for field in kind.fields.values():
            assert set(field.code_aliases.values()) <= set(field.codes)


def test_what_narrows_a_person_down_is_not_open():
    kinds = load_catalogue().kinds
    quasi = {
        "businesses": "kbli net_income_idr_month name",
        "households": "members income_idr_month",
    }
    for kind, fields in quasi.items():
        for field in fields.split():
            assert kinds[kind].fields[field].sensitivity == "quasi"


def test_it_is_read_once():
    assert load_catalogue() is load_catalogue()


def test_bundled_folders_are_found():
    assert (bundled("layers") / "catalogue.toml").is_file()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[kindz]", "kinds"),
        ("[kinds.a]\ngeometri='point'\nlabels={en='A'}\nfields={}", "geometry"),
        ("[kinds.a]\ngeometry='point'\nlabels={en='A'}\n[kinds.a.fields.b]\ntyp='text'", "type"),
        ("[fields.when]\n[kinds.a]\ncommon=['wen']", "when"),
        ("[kinds.a]\ngeometry='dot'\nlabels={en='A'}\nfields={}", "kinds.a.geometry"),
        ("[kinds.a", "own.toml"),
    ],
)
def test_a_wrong_catalogue_is_refused_where_it_is_wrong(text, said):
    with pytest.raises(GisappError) as error:
        parse_catalogue(text, "own.toml")
    assert said in error.value.message
    assert error.value.remedy


def test_a_name_that_is_like_none_lists_all():
    assert unknown_name("zzz", ["b", "a"]) == "there is no zzz; there are a, b."
    assert unknown_name("workrs", ["workers", "form"]).endswith("did you mean workers?")


def test_no_word_means_two_fields_or_two_codes():
    for kind in load_catalogue().kinds.values():
        words = [word for field in kind.fields.values() for word in (field.name, *field.aliases)]
        assert sorted(set(words)) == sorted(words), kind.name
