"use strict";
// The page: reads the data block, draws the layers, fills the panel. Every text of the data is shown
// through textContent; nothing is ever parsed as markup.
var gisapp = (function () {
  const REACH_PX = { mouse: 4, touch: 12 };
  const LOCALES = { id: "id-ID", en: "en-GB" };
  const FEATURE_ZOOM_MAX = 21;
  let data, map, lang, paths, selection;

  const mapOptions = {
    zoomControl: false,
    attributionControl: false,
    zoomSnap: 0.25,
    zoomDelta: 0.5,
    wheelPxPerZoomLevel: 110,
    minZoom: 3,
    maxZoom: FEATURE_ZOOM_MAX,
  };

  function start(leafletMap, block) {
    data = JSON.parse(block.textContent);
    map = leafletMap;
    lang = data.lang;
    const renderer = L.canvas({ padding: 0.3 });
    paths = data.layers.map((layer) => new gisappLayerPath(layer, renderer));
    selection = new Selection([], { renderer });
    fit();
    map.addLayer(renderer);
    drawVisible();
    L.control.scale({ imperial: false, maxWidth: 140 }).addTo(map);
    listen();
    speak();
    document.documentElement.dataset.ready = "true";
  }

  function fit() {
    const [west, south, east, north] = data.bounds || [106.862, -6.373, 106.896, -6.287];
    map.fitBounds([[south, west], [north, east]], { padding: [16, 16], maxZoom: 18 });
  }

  // The first layer lies on top, so the last is drawn first.
  function drawVisible() {
    for (const path of [...paths, selection]) path.remove();
    for (const path of [...paths].reverse()) if (path.layer.visible) path.addTo(map);
    selection.addTo(map);
  }

  // ------------------------------------------------------------------ words and numbers

  const text = (key) => data.texts[lang][key];

  function say(key, values) {
    return text(key).replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  function inWords(labels) {
    return labels[lang] || labels.en || Object.values(labels)[0] || "";
  }

  function number(value, decimals) {
    return value.toLocaleString(LOCALES[lang], { maximumFractionDigits: decimals });
  }

  function count(value) {
    return value === null ? text("hidden") : number(value, 0);
  }

  function day(iso) {
    const [year, month, date] = iso.split("-").map(Number);
    const moment = new Date(Date.UTC(year, month - 1, date));
    if (!iso || Number.isNaN(moment.getTime())) return iso;
    return moment.toLocaleDateString(LOCALES[lang], { dateStyle: "long", timeZone: "UTC" });
  }

  function element(tag, className, content, ...children) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (content !== undefined && content !== null) made.textContent = content;
    made.append(...children);
    return made;
  }

  // ------------------------------------------------------------------ features

  function valueOf(layer, column, row) {
    const values = layer.values[column];
    if (Array.isArray(values)) return values[row];
    const at = values.at[row];
    return at < 0 ? null : values.texts[at];
  }

  function shown(field, value) {
    if (value === null || value === undefined) return text("missing");
    if (field.codes && field.codes[value]) return inWords(field.codes[value]);
    if (typeof value === "boolean") return text(value ? "yes" : "no");
    if (typeof value === "number") return number(value, 2) + (field.unit ? " " + inWords(field.unit) : "");
    if (field.type === "date" && /^\d{4}-\d{2}-\d{2}$/.test(value)) return day(value);
    return value;
  }

  function fieldTable(layer, row) {
    const body = element("tbody");
    layer.fields.forEach((field, column) => {
      const value = valueOf(layer, column, row);
      if (value === null || value === "") return;
      const name = field.name === "id" ? text("id") : inWords(field.label) || field.name;
      const header = element("th", "", name);
      header.scope = "row";
      header.dir = "auto";
      const cell = element("td", "", shown(field, value));
      cell.dir = "auto";
      if (typeof value === "number") cell.className = "number";
      body.append(element("tr", "", null, header, cell));
    });
    return element("table", "facts", null, body);
  }

  function identify(point, reach) {
    return paths
      .filter((path) => path.layer.visible && path._map)
      .flatMap((path) => path.at(point, reach));
  }

  const Selection = L.Path.extend({
    options: { interactive: false, weight: 4 },
    initialize: function (hits, options) {
      L.setOptions(this, options);
      this.hit = null;
    },
    _project: function () {
      this._pxBounds = L.bounds([-1e9, -1e9], [1e9, 1e9]);
    },
    _update: function () {
      if (this._map) this._updatePath();
    },
    _updatePath: function () {
      if (!this._renderer._drawing || !this.hit) return;
      const ctx = this._renderer._ctx;
      const { path, row, shape } = this.hit;
      ctx.beginPath();
      if (shape) {
        path.trace(ctx, shape);
      } else {
        const at = path.layer.points.row.indexOf(row);
        ctx.arc(path.pointsPx[2 * at], path.pointsPx[2 * at + 1], 11, 0, 2 * Math.PI);
      }
      ctx.lineWidth = 5;
      ctx.strokeStyle = "#ffffffd0";
      ctx.stroke();
      ctx.lineWidth = 2.5;
      ctx.strokeStyle = "#0b57d0";
      ctx.stroke();
    },
    choose: function (hit) {
      this.hit = hit;
      if (this._map) this.redraw();
    },
  });

  function openAt(latlng, reach) {
    const hits = identify(map.latLngToLayerPoint(latlng), reach);
    if (hits.length) {
      const popup = L.popup({ maxWidth: 320, minWidth: 220, className: "facts-popup", autoPanPadding: [20, 20] });
      popup.setLatLng(latlng).setContent(popupContent(hits, 0)).openOn(map);
      popup.once("remove", () => selection.choose(null));
      return true;
    }
    map.closePopup();
    return false;
  }

  function popupContent(hits, place) {
    const box = element("div", "popup");
    const showOne = (at) => {
      const { path, row } = hits[at];
      selection.choose(hits[at]);
      const heading = element("h2", "", inWords(path.layer.title));
      heading.dir = "auto";
      box.replaceChildren(heading, fieldTable(path.layer, row), ...pager(hits, at, showOne));
    };
    showOne(place);
    return box;
  }

  function pager(hits, at, showOne) {
    if (hits.length < 2) return [];
    const turn = (key, sign, to) => {
      const button = element("button", "", sign);
      button.type = "button";
      button.title = text(key);
      button.setAttribute("aria-label", text(key));
      button.addEventListener("click", (event) => {
        event.stopPropagation();
        showOne((to + hits.length) % hits.length);
        box.querySelector(`[aria-label="${CSS.escape(text(key))}"]`)?.focus();
      });
      return button;
    };
    const where = element("span", "", say("in_place", { n: at + 1, total: hits.length }));
    const box = element("div", "pager", null, turn("previous", "‹", at - 1), where, turn("next", "›", at + 1));
    return [box];
  }

  // ------------------------------------------------------------------ map: mouse and keyboard

  function listen() {
    let touched = false;
    const container = map.getContainer();
    container.tabIndex = 0;
    container.addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch"; });
    map.on("click", (event) => openAt(event.latlng, touched ? REACH_PX.touch : REACH_PX.mouse));
    map.on("mousemove", (event) => {
      const over = identify(event.layerPoint, REACH_PX.mouse).some((hit) => !hit.shape);
      container.classList.toggle("over-feature", over);
    });
    container.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === container) {
        event.preventDefault();
        announce(openAt(map.getCenter(), REACH_PX.touch) ? "" : text("none_here"));
      } else if (event.key === "Escape") {
        map.closePopup();
      }
    });
  }

  function announce(message) {
    document.getElementById("announcement").textContent = message;
  }

  let zoomControl = null;

  function mapInWords() {
    if (zoomControl) zoomControl.remove();
    zoomControl = L.control.zoom({ zoomInTitle: text("zoom_in"), zoomOutTitle: text("zoom_out") });
    zoomControl.addTo(map);
    map.getContainer().setAttribute("aria-label", text("map"));
    map.closePopup();
  }

  // ------------------------------------------------------------------ panel

  function speak() {
    document.documentElement.lang = lang;
    document.title = inWords(data.title);
    const panel = document.getElementById("panel");
    panel.replaceChildren(
      header(), summary(), layerList(), areaTable(), about(), element("div", "visually-hidden"),
    );
    panel.lastChild.id = "announcement";
    panel.lastChild.setAttribute("role", "status");
    mapInWords();
  }

  function languageSwitch() {
    const group = element("div", "languages");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", text("language"));
    for (const [code, name] of [["id", "Indonesia"], ["en", "English"]]) {
      const button = element("button", "", name);
      button.type = "button";
      button.lang = code;
      button.setAttribute("aria-pressed", String(code === lang));
      button.addEventListener("click", () => {
        lang = code;
        speak();
        document.querySelector(`.languages [lang="${code}"]`).focus();
      });
      group.append(button);
    }
    return group;
  }

  function header() {
    const title = element("h1", "", inWords(data.title));
    title.dir = "auto";
    const badges = element("p", "badges", null, element("span", "badge", text("edition")));
    if (data.asOf) badges.prepend(element("span", "badge strong", say("as_of", { date: day(data.asOf) })));
    if (data.recipient) badges.append(element("span", "badge", text("for")));
    const made = element("header", "", null, languageSwitch(), title, badges, element("p", "sentence", text("sentence")));
    const notice = inWords(data.notice);
    if (notice) made.append(element("p", "notice", notice));
    return made;
  }

  function section(key, ...children) {
    const heading = element("h2", "", text(key));
    heading.id = "heading-" + key;
    const made = element("section", key, null, heading, ...children);
    made.setAttribute("aria-labelledby", heading.id);
    return made;
  }

  function summary() {
    if (!data.headlines.length) return element("div");
    const cards = element("dl", "headlines");
    for (const { label, count: value } of data.headlines) {
      const figure = element("dd", value === null ? "hidden-count" : "", count(value));
      cards.append(element("div", "", null, element("dt", "", inWords(label)), figure));
    }
    return section("summary", cards, ...data.charts.map(chart));
  }

  function chart({ title, rows }) {
    const most = Math.max(1, ...rows.map((row) => row.count || 0));
    const body = element("tbody");
    for (const row of rows) {
      const name = element("th", "", inWords(row.label));
      name.scope = "row";
      const bar = element("span", "bar");
      bar.style.width = (100 * (row.count || 0)) / most + "%";
      bar.style.backgroundColor = row.colour;
      const value = element("td", "number" + (row.count === null ? " hidden-count" : ""), count(row.count));
      body.append(element("tr", "", null, name, element("td", "bars", null, bar), value));
    }
    return element("table", "chart", null, element("caption", "", inWords(title)), body);
  }

  function layerList() {
    const list = element("ul", "layer-list");
    data.layers.forEach((layer, place) => list.append(layerEntry(layer, place)));
    return section("layers", list);
  }

  function layerEntry(layer, place) {
    const box = element("input");
    box.type = "checkbox";
    box.id = "layer-" + place;
    box.checked = layer.visible;
    const name = element("span", "layer-title", inWords(layer.title));
    name.dir = "auto";
    const label = element("label", "", null, box, name, element("span", "count", number(layer.count, 0)));
    const legend = legendOf(layer);
    legend.hidden = !layer.visible;
    box.addEventListener("change", () => {
      layer.visible = box.checked;
      legend.hidden = !box.checked;
      map.closePopup();
      drawVisible();
    });
    const entry = element("li", "", null, label, legend);
    entry.dataset.layer = layer.name;
    return entry;
  }

  function natureOf(layer) {
    const sizes = { points: layer.points.row.length, areas: layer.areas.length, lines: layer.lines.length };
    return Object.keys(sizes).reduce((most, key) => (sizes[key] > sizes[most] ? key : most));
  }

  function legendOf(layer) {
    const legend = element("ul", "legend");
    const nature = natureOf(layer);
    for (const rule of layer.rules) {
      if (!rule.count) continue;
      const name = element("span", "", inWords(rule.label));
      name.dir = "auto";
      const n = element("span", "count", number(rule.count, 0));
      legend.append(element("li", "", null, gisappSymbols.swatch(rule, nature), name, n));
    }
    if (layer.unplaced) {
      legend.append(element("li", "unplaced", say("unplaced", { n: number(layer.unplaced, 0) })));
    }
    return legend;
  }

  function areaTable() {
    if (!data.areas.length) return element("div");
    const columns = ["area", "businesses", "restricted", "families", "family_affected"];
    const head = element("tr");
    for (const key of columns) {
      const cell = element("th", key === "area" ? "" : "number", text(key));
      cell.scope = "col";
      head.append(cell);
    }
    const body = element("tbody");
    for (const area of data.areas) {
      const name = element("th", "", area.code === area.name ? text(area.code) || area.name : area.name);
      name.scope = "row";
      name.dir = "auto";
      const cells = area.counts.map((n) =>
        element("td", "number" + (n === null ? " hidden-count" : ""), n === undefined ? "" : count(n)));
      body.append(element("tr", "", null, name, ...cells));
    }
    const table = element("table", "areas", null, element("thead", "", null, head), body);
    const parts = [element("div", "scroll", null, table)];
    if (data.suppresses) parts.push(element("p", "small", text("hidden_note")));
    return section("by_area", ...parts);
  }

  function about() {
    const made = section("about", element("p", "risk", text("risk")), element("p", "", text("method")));
    if (data.sources.length) {
      const list = element("ul", "sources");
      for (const source of data.sources) list.append(element("li", "", source));
      made.append(element("h3", "", text("sources")), list);
    }
    made.append(element("p", "small", text("made_with")));
    return made;
  }

  return { mapOptions, start };
})();
