"""The interactive map: one HTML file that needs no internet and runs no text of its data.

folium makes the page's frame, the map and our element from fixed templates. branca renders every
piece as a template once more, so no text of a project ever enters one of its elements: the data are
put in afterwards, as one JSON block that our script reads and shows as text.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import folium
from branca.element import Element, Figure, MacroElement
from jinja2 import Template

from gisapp.core.words import LANGUAGES, speaking
from gisapp.export import page_words
from gisapp.export.page_data import bounds, layer_values, sources
from gisapp.export.page_ground import page_ground, page_tiles
from gisapp.io.atomic import replacing

if TYPE_CHECKING:
    from pathlib import Path

    from gisapp.privacy.release import Release

DATA_TAG: Final = '<script id="gisapp-data" type="application/json">'
# In the order in which each needs those before it.
SCRIPTS: Final = (
    "words.js", "packed.js", "symbols.js", "splats.js", "layer_path.js", "ground.js", "facts.js",
    "legend.js",
    "names.js", "search.js", "time.js", "panel.js", "page.js",
)  # fmt: skip
_NO_IMAGES: Final = "img-src data:"
_HOST: Final = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_IMAGE: Final = re.compile(r"url\((images/[\w.-]+)\)")
_INLINE: Final = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)
_JSON_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_MARKUP: Final = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&{}"})


def write_html(release: Release, path: Path, lang: str) -> None:
    """Write a release as a map that opens in a browser from the disk.

    Parameters
    ----------
    lang : {"id", "en"}
        The language it opens in; the reader can switch.

    Raises
    ------
    GisappError
        Where `path` cannot be written.
    """
    page = page_of(release, lang)
    with replacing(path) as fresh:
        fresh.write_text(page, encoding="utf-8")


def page_of(release: Release, lang: str) -> str:
    """Return the whole page."""
    values = page_values(release, lang)
    before, after = _shell().split(DATA_TAG, 1)
    if values["tiles"]:  # nothing is asked for until the reader says so, and then this host alone
        before = before.replace(_NO_IMAGES, f"{_NO_IMAGES} https://{_host(values['tiles'])}", 1)
    return f"{before}{DATA_TAG}{data_block(values)}{after}"


def _host(tiles: dict[str, Any]) -> str:
    """Return the host of a provider; the program's own list holds no other than plain names."""
    host = str(tiles["host"])
    if not _HOST.fullmatch(host):
        raise ValueError(f"{host} is no host")
    return host


def page_values(release: Release, lang: str) -> dict[str, Any]:
    """Return what the page's script reads."""
    texts, box = {}, bounds(release)
    for code in LANGUAGES:
        with speaking(code):
            texts[code] = page_words.page_texts(release)
    return {
        "lang": lang,
        "texts": texts,
        "title": page_words.titled(release),
        "notice": page_words.noticed(release),
        "asOf": release.as_of,
        "preset": release.preset,
        "recipient": release.recipient,
        "suppresses": release.n > 0,
        "headlines": page_words.headlines(release),
        "charts": page_words.charts(release),
        "areas": page_words.by_area(release),
        "sources": sources(release),
        "bounds": box,
        "ground": page_ground(release.basemap, box),
        "tiles": page_tiles(release.basemap),
        "layers": [layer_values(x, release.fields[x.name]) for x in release.layers],
    }


def data_block(values: dict[str, Any]) -> str:
    r"""Return values as JSON in which no text can end the block or look like markup or a template.

    In every string ``< > & { }`` and whatever is not ASCII (U+2028 and U+2029 among it) are
    written as ``\uXXXX``.
    """
    text = json.dumps(values, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return _JSON_STRING.sub(lambda found: found[0].translate(_MARKUP), text)


class _Inline(Element):
    """A script or a style of ours or of Leaflet's, inside the page."""

    _template = Template("<{{ this.tag }}>{{ this.code }}</{{ this.tag }}>")

    def __init__(self, tag: str, code: str) -> None:
        super().__init__()
        self.tag, self.code = tag, code


class _OfflineMap(folium.Map):
    """folium's map without the ten files that it loads from the network."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - as folium has it
    default_css: list[tuple[str, str]] = []  # noqa: RUF012 - as folium has it
    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <div class="folium-map" id="{{ this.get_name() }}" role="application"></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.map("{{ this.get_name() }}", gisapp.mapOptions);
        {% endmacro %}
        """
    )


class _ReleaseLayers(MacroElement):
    """Our layers, legend and panel: fixed markup, filled by our script from the data block."""

    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <div id="search"></div>
        <section id="legend"></section>
        <div id="time"></div>
        <aside id="panel" tabindex="0"></aside>
        <noscript>This map needs JavaScript. / Peta ini memerlukan JavaScript.</noscript>
        <script id="gisapp-data" type="application/json"></script>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        gisapp.start({{ this._parent.get_name() }}, document.getElementById("gisapp-data"));
        {% endmacro %}
        """
    )


@cache
def _shell() -> str:
    """Return the page around the data: the same for every release."""
    figure = Figure(title="gisapp")
    map_, layers = _OfflineMap(tiles=None), _ReleaseLayers()  # type: ignore[no-untyped-call]
    map_._id, layers._id = "gisapp", "layers"  # folium's are random: the same data, the same file
    figure.add_child(map_)
    map_.add_child(layers)
    figure.header.add_child(Element('<meta name="viewport" content="width=device-width" />'))
    for tag, code in (
        ("style", _leaflet_style()),
        ("style", _asset("page.css")),
        ("script", _leaflet("leaflet.js")),
        *(("script", _asset(name)) for name in SCRIPTS),
    ):
        figure.header.add_child(_Inline(tag, code))
    return _with_policy(figure.render())


def _with_policy(page: str) -> str:
    """Let the page run and show what stands in it now, by its hash, and nothing else."""
    allowed: dict[str, list[str]] = {"script": [], "style": []}
    for tag, code in _INLINE.findall(page):
        digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        allowed[tag].append(f"'sha256-{digest}'")
    policy = (
        f"default-src 'none'; {_NO_IMAGES}; base-uri 'none'; form-action 'none'; "
        f"script-src {' '.join(allowed['script'])}; style-src {' '.join(allowed['style'])}"
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}" />'
    return page.replace("<head>", f"<head>\n{meta}", 1)


def _leaflet_style() -> str:
    """Return Leaflet's style sheet with its images inside."""
    return _IMAGE.sub(lambda found: f"url({_data_url(found[1])})", _leaflet("leaflet.css"))


def _data_url(image: str) -> str:
    content = (files("js_lib_leaflet") / "static/js_lib_leaflet" / image).read_bytes()
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


def _leaflet(name: str) -> str:
    text = (files("js_lib_leaflet") / "static/js_lib_leaflet" / name).read_text("utf-8")
    return re.sub(r"//# sourceMappingURL=\S+\s*$", "", text)


def _asset(name: str) -> str:
    return (files("gisapp.export") / "assets" / name).read_text("utf-8")
