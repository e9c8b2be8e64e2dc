"use strict";
// What lies below the layers: outlines seen from afar, and tiles from the internet where the reader
// turns them on. Until then the page asks nobody for anything.
var gisappGround = (function () {
  const { text, say, element } = gisappWords;
  const FAR = { fill: "#eef0f2", stroke: "#9aa1ab" };
  const NEAR = { fill: "#f5f6f7", stroke: "#c9ced5" };
  const FAINT_ZOOM = 8.5;
  let map, ground, tiles, tileLayer, outlines, credit;

  function begin(leafletMap, data, renderer) {
    map = leafletMap;
    ({ ground, tiles } = data);
    credit = element("div", "credit");
    credit.id = "credit";
    map.getContainer().append(credit);
    if (ground) outlines = new Outlines(gisappPacked.shapes(ground.areas, true), { renderer });
    map.on("zoomend", tell);
  }

  // The lowest of what is drawn on the canvas; empty where there is none.
  const paths = () => (outlines ? [outlines] : []);

  const Outlines = L.Path.extend({
    options: { interactive: false, weight: 0 },
    initialize: function (shapes, options) {
      L.setOptions(this, options);
      this._world = shapes.flatMap(({ rings }) => rings).map(gisappLayerPath.projected);
    },
    _project: function () {
      this._pxBounds = L.bounds([-1e9, -1e9], [1e9, 1e9]);
    },
    _update: function () {
      if (this._map) this._updatePath();
    },
    _updatePath: function () {
      const zoom = this._map.getZoom();
      if (!this._renderer._drawing || zoom > ground.zoom || tileLayer) return;
      const ctx = this._renderer._ctx;
      const scale = this._map.options.crs.scale(zoom);
      const origin = this._map.getPixelOrigin();
      const { fill, stroke } = zoom < FAINT_ZOOM ? FAR : NEAR;
      ctx.save();
      ctx.globalAlpha = ground.opacity;
      ctx.beginPath();
      for (const world of this._world) {
        for (let i = 0; i < world.length; i += 2) {
          ctx[i ? "lineTo" : "moveTo"](world[i] * scale - origin.x, world[i + 1] * scale - origin.y);
        }
        ctx.closePath();
      }
      ctx.fillStyle = fill;
      ctx.fill("evenodd");
      ctx.strokeStyle = stroke;
      ctx.lineWidth = 0.8;
      ctx.stroke();
      ctx.restore();
    },
  });

  // A box to tick, with what it means; nothing where the project has no tiles.
  function choice() {
    if (!tiles) return [];
    const tick = element("input");
    tick.type = "checkbox";
    tick.id = "online-ground";
    tick.checked = Boolean(tileLayer);
    tick.addEventListener("change", () => turn(tick.checked));
    const title = element("span", "layer-title", say("online", { name: tiles.name }));
    const note = element("p", "small", say("online_note", { host: tiles.host }));
    note.id = "online-note";
    tick.setAttribute("aria-describedby", note.id);
    return [element("li", "online", null, element("label", "", null, tick, title), note)];
  }

  function turn(on) {
    tileLayer?.remove();
    tileLayer = null;
    if (on) {
      const { url, minZoom, maxZoom, opacity } = tiles;
      tileLayer = L.tileLayer(url, { minZoom, maxNativeZoom: maxZoom, maxZoom: map.options.maxZoom, opacity }).addTo(map);
    }
    outlines?.redraw();
    tell();
  }

  // Whose map is seen below the layers.
  function tell() {
    const seen = ground && map.getZoom() <= ground.zoom ? ground.attribution : "";
    credit.textContent = tileLayer ? tiles.attribution : seen;
  }

  return { begin, paths, choice, tell };
})();
