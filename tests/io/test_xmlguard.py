"""XML that is not well formed: where, and why, in the user's language."""

import pytest

from gisapp.core import words
from gisapp.io.readers.contents import Unreadable
from gisapp.io.readers.xmlguard import count_elements


@pytest.mark.parametrize(
    ("text", "english", "indonesian"),
    [
        ("", "line 1, it ends too early", "baris 1, berakhir terlalu dini"),
        ("<a>", "line 1, it ends too early", "baris 1, berakhir terlalu dini"),
        ("<a>\n<b", "line 2, a tag is not closed", "baris 2, sebuah tag tidak ditutup"),
        (
            "<a>\n</b>",
            "line 2, the closing tag is another element's",
            "baris 2, tag penutupnya milik elemen lain",
        ),
        (
            "<a>\n& </a>",
            "line 2, there is a character that cannot stand there",
            "baris 2, ada karakter yang tidak boleh berada di sana",
        ),
        (
            "<a/>\n<b/>",
            "line 2, something follows its end",
            "baris 2, ada sesuatu setelah akhirnya",
        ),
    ],
)
def test_what_is_wrong_is_told_in_the_language_in_force(text, english, indonesian, tmp_path):
    path = tmp_path / "a.kml"
    path.write_text(text, "utf-8")
    for language, told in (("en", english), ("id", indonesian)):
        with words.speaking(language), pytest.raises(Unreadable) as refused:
            count_elements(path, lambda _done, _total: None)
        assert refused.value.reason.endswith(told)
