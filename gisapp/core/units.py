"""The catalogue's units, as a reader understands them."""

from gisapp.core.words import _


def unit_text(unit: str) -> str:
    """Return a unit of the catalogue in the language in force; one of measure (m) as it is."""
    return {
        "persons": _("persons"),
        "families": _("families"),
        "units": _("units"),
        "stalls": _("stalls"),
        "IDR": _("IDR"),
        "IDR/month": _("IDR/month"),
    }.get(unit, unit)
