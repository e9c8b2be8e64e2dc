from gisapp.core.finding_text import exposure_text, finding_text, subjects_text
from gisapp.core.policy import CONFORMITY_CLASSES, IMPACTS, STAGES
from gisapp.core.words import speaking
from gisapp.io.catalogue import load_catalogue


def test_no_total_is_told_by_its_code() -> None:
    catalogue = load_catalogue()
    for language in ("en", "id"):
        with speaking(language):
            told = [finding_text(catalogue, x) for x in (*CONFORMITY_CLASSES, *IMPACTS, "affected")]
            told += [exposure_text(stage) for stage in (*STAGES, "none", "not_assessed")]
            assert not [text for text in told if "_" in text or text in IMPACTS]
            assert subjects_text("households") != "households"
