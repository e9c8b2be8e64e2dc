"""The import's fixed words for its repairs and its refusals, as a reader understands them."""

from gisapp.core.words import _


def reason_text(reason: str) -> str:
    """Return a reason of the import in the language in force; an unknown one as it is."""
    return {
        "no_location": _("no location"),
        "null_island": _("at 0, 0"),
        "outside_area": _("outside the project's area"),
        "bad_number": _("coordinates that are not numbers"),
        "duplicate_id": _("its id was already taken"),
        "empty_geometry": _("empty geometry"),
        "wrong_geometry": _("geometry of another type"),
        "unreadable_row": _("cannot be read"),
    }.get(reason, reason)


def repair_text(repair: str) -> str:
    """Return a repair of the import in words."""
    return {
        "axes_swapped": _("latitude and longitude swapped"),
        "decimal_comma": _("decimal comma"),
        "made_valid": _("geometry made valid"),
        "reprojected": _("reprojected"),
        "dropped_z": _("height dropped"),
        "trimmed": _("blanks trimmed"),
        "mended": _("corrected by hand"),
    }.get(repair, repair)
