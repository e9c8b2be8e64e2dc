"use strict";
// A whole layer as one Leaflet path: projected once a zoom, drawn in one go.
var gisappLayerPath = (function () {
  const CLICK_REACH_PX = 6;
  const MARGIN_PX = 20;
  const MANY_MARKERS = 1500; // beyond, markers are copied from one picture of each symbol

  // Web Mercator in units of the whole world, so that a zoom is one multiplication.
  function projected(degrees) {
    const world = new Float64Array(degrees.length);
    for (let i = 0; i < degrees.length; i += 2) {
      world[i] = degrees[i] / 360 + 0.5;
      world[i + 1] = 0.5 - Math.asinh(Math.tan((degrees[i + 1] * Math.PI) / 180)) / (2 * Math.PI);
    }
    return world;
  }

  // The places of the points of each rule, so that a redraw looks at each point once.
  function rowsByRule({ rules, rule, points }) {
    const places = rules.map(() => []);
    points.row.forEach((row, i) => { if (rule[row] >= 0) places[rule[row]].push(i); });
    return places.map((list) => Int32Array.from(list));
  }

  const LayerPath = L.Path.extend({
    options: { interactive: false, weight: 0 },

    initialize: function (layer, renderer) {
      L.setOptions(this, { renderer });
      this.layer = layer;
      this.shapes = [...layer.areas, ...layer.lines];
      this._points = projected(layer.points.degrees);
      for (const shape of this.shapes) shape.projected = shape.rings.map(projected);
      this._rowsByRule = rowsByRule(layer);
    },

    // Take over by which rule each feature is drawn now.
    refresh: function () {
      this._rowsByRule = rowsByRule(this.layer);
    },

    _project: function () {
      const scale = this._map.options.crs.scale(this._map.getZoom());
      const origin = this._map.getPixelOrigin();
      const inPx = (world) => {
        const px = new Float64Array(world.length);
        for (let i = 0; i < world.length; i += 2) {
          px[i] = world[i] * scale - origin.x;
          px[i + 1] = world[i + 1] * scale - origin.y;
        }
        return px;
      };
      this.pointsPx = inPx(this._points);
      for (const shape of this.shapes) {
        shape.px = shape.projected.map(inPx);
        shape.box = this._box(shape.px[0]);
      }
      this._pxBounds = L.bounds([-1e9, -1e9], [1e9, 1e9]);
    },

    _box: function (px) {
      const box = [Infinity, Infinity, -Infinity, -Infinity];
      for (let i = 0; i < px.length; i += 2) {
        box[0] = Math.min(box[0], px[i]);
        box[1] = Math.min(box[1], px[i + 1]);
        box[2] = Math.max(box[2], px[i]);
        box[3] = Math.max(box[3], px[i + 1]);
      }
      return box;
    },

    _update: function () {
      if (this._map) this._updatePath();
    },

    _updatePath: function () {
      const renderer = this._renderer;
      if (!renderer._drawing) return;
      const { min, max } = renderer._bounds;
      const ctx = renderer._ctx;
      for (const shape of this.shapes) {
        const box = shape.box;
        if (box[2] >= min.x && box[0] <= max.x && box[3] >= min.y && box[1] <= max.y) {
          this._drawShape(ctx, shape);
        }
      }
      this._drawPoints(ctx, min, max);
    },

    _symbol: function (row) {
      const rule = this.layer.rule[row];
      return rule < 0 ? null : this.layer.rules[rule];
    },

    _drawShape: function (ctx, shape) {
      const symbol = this._symbol(shape.row);
      if (!symbol) return;
      ctx.beginPath();
      this.trace(ctx, shape);
      gisappSymbols.paintPath(ctx, symbol, shape.isArea);
    },

    trace: function (ctx, shape) {
      for (const px of shape.px) {
        ctx.moveTo(px[0], px[1]);
        for (let i = 2; i < px.length; i += 2) ctx.lineTo(px[i], px[i + 1]);
        if (shape.isArea) ctx.closePath();
      }
    },

    _drawPoints: function (ctx, min, max) {
      const scale = gisappSymbols.markerScale(this._map.getZoom());
      const { rules } = this.layer;
      const seen = this._rowsByRule.map((places) => this._seen(places, min, max));
      const many = seen.reduce((sum, places) => sum + places.length / 2, 0) > MANY_MARKERS;
      if (many) this._splat(ctx, seen, scale, min, max);
      // the last rule's points lie lowest, as on the program's own map
      for (let rule = many ? -1 : rules.length - 1; rule >= 0; rule--) {
        for (let i = 0; i < seen[rule].length; i += 2) {
          gisappSymbols.paintMarker(ctx, rules[rule], seen[rule][i], seen[rule][i + 1], scale);
        }
      }
    },

    _splat: function (ctx, seen, scale, min, max) {
      const [left, top] = [min.x - MARGIN_PX, min.y - MARGIN_PX];
      this._picture = gisappSplats.begin(this._picture, [left, top, max.x + MARGIN_PX, max.y + MARGIN_PX]);
      seen.forEach((places, rule) => gisappSplats.under(this._picture, this.layer.rules[rule], scale, places));
      gisappSplats.draw(ctx, this._picture);
    },

    // The pixels, x and y in turn, of those points that lie in the drawn part of the map. Of those
    // on one pixel the last is drawn, which lies on top.
    _seen: function (places, min, max) {
      const px = this.pointsPx;
      const [left, top] = [Math.floor(min.x) - MARGIN_PX, Math.floor(min.y) - MARGIN_PX];
      const [width, height] = [Math.ceil(max.x) + MARGIN_PX - left, Math.ceil(max.y) + MARGIN_PX - top];
      const taken = new Uint8Array(width * height);
      const seen = new Float64Array(2 * places.length);
      let first = seen.length;
      for (let k = places.length - 1; k >= 0; k--) {
        const [x, y] = [px[2 * places[k]], px[2 * places[k] + 1]];
        const [column, line] = [Math.floor(x) - left, Math.floor(y) - top];
        if (column < 0 || column >= width || line < 0 || line >= height) continue;
        if (taken[line * width + column]) continue;
        taken[line * width + column] = 1;
        seen[--first] = y;
        seen[--first] = x;
      }
      return seen.subarray(first);
    },

    // One feature as a hit of `at`, and its box on the map; null where it is not drawn.
    feature: function (row) {
      const shape = this.shapes.find((one) => one.row === row);
      const i = shape ? -1 : this.layer.points.row.indexOf(row);
      if (!shape && i < 0) return null;
      const [x, y] = [this.pointsPx[2 * i], this.pointsPx[2 * i + 1]];
      const [left, top, right, bottom] = shape ? shape.box : [x, y, x, y];
      const hit = shape ? { path: this, row, shape, distance: 0 } : { path: this, row, x, y, distance: 0 };
      return { hit, box: L.bounds([left, top], [right, bottom]) };
    },

    // Features at a layer point, nearest first: [{row, shape?, x?, y?, distance}].
    at: function (point, reach) {
      const hits = [];
      const { row } = this.layer.points;
      const scale = gisappSymbols.markerScale(this._map.getZoom());
      for (let i = 0; i < row.length; i++) {
        const symbol = this._symbol(row[i]);
        if (!symbol) continue;
        const [x, y] = [this.pointsPx[2 * i], this.pointsPx[2 * i + 1]];
        const distance = Math.hypot(x - point.x, y - point.y);
        if (distance <= gisappSymbols.halfSize(symbol, scale) + reach) {
          hits.push({ path: this, row: row[i], x, y, distance });
        }
      }
      for (const shape of this.shapes) {
        if (this._symbol(shape.row) && this._holds(shape, point)) {
          hits.push({ path: this, row: shape.row, shape, distance: CLICK_REACH_PX });
        }
      }
      return hits.sort((a, b) => a.distance - b.distance);
    },

    _holds: function (shape, point) {
      const [left, top, right, bottom] = shape.box;
      const { fill, hatch } = this._symbol(shape.row);
      const filled = shape.isArea && Boolean(fill || hatch);
      const reach = filled ? 0 : CLICK_REACH_PX;
      if (point.x < left - reach || point.x > right + reach ||
          point.y < top - reach || point.y > bottom + reach) return false;
      // a mere outline is met on its line, so that it does not cover what lies inside it
      return filled ? this._inside(shape, point) : shape.px.some((px) => this._near(px, point));
    },

    _inside: function (shape, point) {
      let inside = false;
      for (const px of shape.px) {
        for (let i = 0, j = px.length - 2; i < px.length; j = i, i += 2) {
          const crosses = px[i + 1] > point.y !== px[j + 1] > point.y;
          if (crosses && point.x <
              ((px[j] - px[i]) * (point.y - px[i + 1])) / (px[j + 1] - px[i + 1]) + px[i]) {
            inside = !inside;
          }
        }
      }
      return inside;
    },

    _near: function (px, point) {
      for (let i = 0; i + 3 < px.length; i += 2) {
        const from = L.point(px[i], px[i + 1]);
        const to = L.point(px[i + 2], px[i + 3]);
        if (L.LineUtil.pointToSegmentDistance(point, from, to) <= CLICK_REACH_PX) return true;
      }
      return false;
    },
  });

  return { LayerPath, projected };
})();
