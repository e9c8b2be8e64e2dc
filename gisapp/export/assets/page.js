"use strict";
// The page: reads the data block, draws the layers, answers mouse and keyboard.
var gisapp = (function () {
  const { text, say, inWords, element } = gisappWords;
  const REACH_PX = { mouse: 4, touch: 12 };
  const FEATURE_ZOOM_MAX = 21;
  const FOUND_ZOOM = 17;
  const EDGE_PX = 16;
  const CONTROLS_PX = 56; // the zoom buttons, which lie over popups
  let data, map, paths, selection;

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
    data.layers.forEach(gisappPacked.unpack);
    map = leafletMap;
    gisappWords.begin(data);
    gisappFacts.begin(data);
    gisappPanel.begin(data, speakAnew);
    gisappLegend.begin(data, layersChanged);
    gisappSearch.begin(data, goTo);
    gisappTime.begin(data, rulesChanged);
    gisappTime.speak(); // it takes its room before the map is fitted into what is left
    const renderer = L.canvas({ padding: 0.3 });
    paths = data.layers.map((layer) => new gisappLayerPath.LayerPath(layer, renderer));
    gisappGround.begin(map, data, renderer);
    selection = new Selection([], { renderer });
    fit();
    map.addLayer(renderer);
    gisappNames.begin(map, paths, freeArea);
    L.control.scale({ imperial: false, maxWidth: 140, position: "bottomright" }).addTo(map);
    listen();
    markMiddle();
    printWell();
    speak();
    document.documentElement.dataset.ready = "true";
  }

  // The part of the map that neither the open legend nor, where that is closed, the search covers,
  // and above the date slider; in container pixels.
  function freeArea() {
    const size = map.getSize();
    const frame = map.getContainer().getBoundingClientRect();
    const covered = gisappLegend.coveredPx();
    const beside = covered && covered < size.x;
    const searchEnd = document.getElementById("search").getBoundingClientRect().bottom - frame.top;
    const timeBox = document.getElementById("time").getBoundingClientRect();
    const lies = timeBox.height && timeBox.top < frame.bottom;
    return L.bounds(
      beside ? [covered, 0] : [0, Math.max(0, searchEnd)],
      [size.x, lies ? Math.max(0, timeBox.top - frame.top) : size.y],
    );
  }

  const coveredBelow = () => map.getSize().subtract(freeArea().max);

  function fit() {
    const [west, south, east, north] = data.bounds || [106.862, -6.373, 106.896, -6.287];
    exactly(() => map.fitBounds([[south, west], [north, east]], {
      paddingTopLeft: freeArea().min.add([EDGE_PX, EDGE_PX]),
      paddingBottomRight: coveredBelow().add([EDGE_PX, EDGE_PX]),
      maxZoom: 18,
      animate: false,
    }));
  }

  // Let the map take a scale between its steps.
  function exactly(move) {
    const { zoomSnap } = map.options;
    map.options.zoomSnap = 0;
    move();
    map.options.zoomSnap = zoomSnap;
  }

  // The place that Enter asks about: the middle of what is seen.
  function markMiddle() {
    map.getContainer().style.setProperty("--middle", freeArea().getCenter().x + "px");
  }

  function layersChanged() {
    markMiddle();
    map.closePopup();
    drawVisible();
  }

  function rulesChanged(layers) {
    paths.filter((path) => layers.includes(path.layer)).forEach((path) => path.refresh());
    gisappLegend.show();
    map.closePopup();
    drawVisible();
  }

  // The first layer lies on top, so the last is drawn first.
  function drawVisible() {
    for (const path of [...gisappGround.paths(), ...paths, selection]) path.remove();
    for (const path of gisappGround.paths()) path.addTo(map);
    for (const path of [...paths].reverse()) if (path.layer.visible) path.addTo(map);
    selection.addTo(map);
    gisappNames.update();
  }

  // Paper has another shape than the window: the map is drawn anew for it, and back afterwards.
  function printWell() {
    let seen = null;
    const turn = (printing) => {
      document.documentElement.classList.toggle("printing", printing);
      map.invalidateSize({ animate: false, pan: false });
    };
    window.addEventListener("beforeprint", () => {
      seen = { center: map.getCenter(), zoom: map.getZoom() };
      map.closePopup();
      turn(true);
      fit();
    });
    window.addEventListener("afterprint", () => {
      turn(false);
      exactly(() => map.setView(seen.center, seen.zoom, { animate: false }));
    });
  }

  // ------------------------------------------------------------------ features

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

  // Return what is told, for a screen reader; empty where nothing lies there.
  function openAt(latlng, reach) {
    const hits = identify(map.latLngToLayerPoint(latlng), reach);
    if (hits.length) return openPopup(latlng, hits);
    map.closePopup();
    return "";
  }

  function openPopup(latlng, hits) {
    const free = freeArea().min;
    const maxWidth = Math.min(320, map.getSize().x - free.x - CONTROLS_PX - 3 * EDGE_PX);
    const popup = L.popup({
      maxWidth,
      minWidth: Math.min(240, maxWidth),
      className: "facts-popup",
      autoPanPaddingTopLeft: free.add([EDGE_PX, EDGE_PX]),
      autoPanPaddingBottomRight: coveredBelow().add([CONTROLS_PX, EDGE_PX]),
    });
    const { box, spoken } = popupContent(hits);
    popup.setLatLng(latlng).setContent(box).openOn(map);
    popup.once("remove", () => selection.choose(null));
    const close = popup.getElement().querySelector(".leaflet-popup-close-button");
    close.setAttribute("aria-label", text("close"));
    return spoken;
  }

  // Show one feature: its layer, the place, what it tells.
  function goTo({ layer, row }) {
    if (!layer.visible) gisappLegend.showLayer(layer);
    const path = paths.find((one) => one.layer === layer);
    const { box } = path.feature(row);
    const corners = [box.min, box.max].map((corner) => map.layerPointToLatLng(corner));
    map.fitBounds(corners, {
      paddingTopLeft: freeArea().min.add([EDGE_PX, EDGE_PX]),
      paddingBottomRight: coveredBelow().add([EDGE_PX, EDGE_PX]),
      maxZoom: Math.max(map.getZoom(), FOUND_ZOOM),
      animate: false,
    });
    map.getContainer().scrollIntoView({ block: "nearest" });
    const at = path.feature(row);
    announce(openPopup(map.layerPointToLatLng(at.box.getCenter()), [at.hit]));
  }

  function popupContent(hits) {
    const box = element("div", "popup");
    const showOne = (at) => {
      selection.choose(hits[at]);
      const { nodes, spoken } = gisappFacts.describe(hits[at]);
      box.replaceChildren(...nodes, ...pager(hits, at, showOne));
      return spoken;
    };
    return { box, spoken: showOne(0) };
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
        announce(showOne((to + hits.length) % hits.length));
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
    map.on("resize", markMiddle);
    map.on("mousemove", (event) => {
      const over = identify(event.layerPoint, REACH_PX.mouse).some((hit) => !hit.shape);
      container.classList.toggle("over-feature", over);
    });
    container.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === container) {
        event.preventDefault();
        announce(openAt(map.containerPointToLatLng(freeArea().getCenter()), REACH_PX.touch) || text("none_here"));
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
    zoomControl = L.control.zoom({ position: "topright", zoomInTitle: text("zoom_in"), zoomOutTitle: text("zoom_out") });
    zoomControl.addTo(map);
    zoomControl.getContainer().append(wholeButton());
    map.getContainer().setAttribute("aria-label", text("map"));
    map.closePopup();
  }

  function wholeButton() {
    const button = element("a", "whole");
    button.href = "#";
    button.title = text("whole");
    button.setAttribute("role", "button");
    button.setAttribute("aria-label", text("whole"));
    L.DomEvent.on(button, "click", (event) => { L.DomEvent.stop(event); fit(); });
    return button;
  }

  // ------------------------------------------------------------------ language

  function speak() {
    document.documentElement.lang = gisappWords.spoken();
    document.title = inWords(data.title);
    gisappLegend.show();
    gisappSearch.speak();
    gisappTime.speak();
    gisappPanel.show();
    mapInWords();
    drawVisible();
    gisappGround.tell();
  }

  function speakAnew(code) {
    gisappWords.speak(code);
    speak();
  }

  return { mapOptions, start };
})();
