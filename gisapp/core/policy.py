"""The words and orders of policy: classes, stages, impacts, stances.

Binding definitions: the stance scale is Nilsson's (Nature 534, 2016), −3 cancelling to
+3 indivisible.
"""

from types import MappingProxyType
from typing import Final

from gisapp.core.words import _

# Conformity of a business with a plan; from the least to the most restrictive where covered.
NOT_ASSESSED: Final = "not_assessed"
OUTSIDE_PLAN: Final = "outside_plan"
COVERED_CLASSES: Final = ("no_rule", "permitted", "limited", "conditional", "prohibited")
CONFORMITY_CLASSES: Final = (NOT_ASSESSED, OUTSIDE_PLAN, *COVERED_CLASSES)
RESTRICTIVE_CLASSES: Final = ("limited", "conditional", "prohibited")

# A rule table's permission letters: I diizinkan, T terbatas, B bersyarat, X dilarang.
PERMISSION_CLASS: Final = MappingProxyType(
    {"I": "permitted", "T": "limited", "B": "conditional", "X": "prohibited"}
)

# Eviction stages in force, lowest first; a cancelled area exposes nobody.
STAGES: Final = ("announced", "disputed", "sp1", "sp2", "sp3", "executed")
CANCELLED: Final = "cancelled"


def stage_text(stage: str) -> str:
    """Return an eviction stage in words, for the middle of a sentence."""
    words = {
        "announced": _("announced"),
        "disputed": _("disputed"),
        "sp1": _("first warning (SP 1)"),
        "sp2": _("second warning (SP 2)"),
        "sp3": _("third warning (SP 3)"),
        "executed": _("executed"),
        "unknown": _("not known"),
        CANCELLED: _("cancelled"),
    }
    return words.get(stage, stage)


IMPACTS: Final = ("direct", "livelihood", "both", "none", NOT_ASSESSED)

ZONING_STANCE: Final = MappingProxyType(
    {"permitted": 1, "limited": -1, "conditional": -1, "prohibited": -3}
)
STAGE_STANCE: Final = MappingProxyType(
    {"announced": -1, "disputed": -1, "sp1": -2, "sp2": -2, "sp3": -3, "executed": -3}
)
SUPPORT_STANCE: Final = 2

# Columns of a zoning layer, by the generation of its field names.
ZONING_COLUMNS: Final = MappingProxyType(
    {
        "2022": {"subzone": "KODSZN_1", "conditional": "BST", "limited": "TBT", "permitted": "IZN"},
        "2014": {
            "subzone": "SUB_ZONA",
            "conditional": "BERSYARAT",
            "limited": "TERBATAS",
            "permitted": "DIIZINKAN",
        },
    }
)

# domain.md: Rp 897,768 per person and month, DKI Jakarta, September 2025 (press; a parameter).
POVERTY_LINE_IDR_MONTH: Final = 897_768.0
POVERTY_LINE_SOURCE: Final = "DKI Jakarta, September 2025 (press)"

# domain.md: a subject this near to the outer border is assigned to the nearest admin area.
NEAR_BORDER_M: Final = 50.0
# A subject's σ is gps_precision_m / 1.515; where that is unknown, σ is 10 m.
PRECISION_TO_SIGMA: Final = 1.515
UNKNOWN_SIGMA_M: Final = 10.0
