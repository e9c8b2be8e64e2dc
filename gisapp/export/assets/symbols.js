"use strict";
// Drawing a layer on Leaflet's canvas by the rules of its style, and telling what lies at a place.
var gisappSymbols = (function () {
  const PX_PER_MM = 96 / 25.4;
  const HATCH_PX = 8;
  const patterns = new Map();

  function withOpacity(colour, opacity) {
    const alpha = Math.round(opacity * 255).toString(16).padStart(2, "0");
    return colour + alpha;
  }

  function fillStyle(symbol) {
    return symbol.fill === null ? null : withOpacity(symbol.fill, symbol.fill_opacity);
  }

  const hatchLines = {
    diagonal: [[0, HATCH_PX, HATCH_PX, 0]],
    back: [[0, 0, HATCH_PX, HATCH_PX]],
    cross: [[0, HATCH_PX, HATCH_PX, 0], [0, 0, HATCH_PX, HATCH_PX]],
    dots: [],
  };

  function hatchTile(symbol) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = HATCH_PX;
    const pen = tile.getContext("2d");
    pen.strokeStyle = pen.fillStyle = symbol.stroke || symbol.fill || "#666666";
    pen.lineWidth = 1.1;
    pen.lineCap = "square";
    for (const [x0, y0, x1, y1] of hatchLines[symbol.hatch]) {
      // repeated beyond the corners, so that tiles join without a gap
      for (const shift of [-HATCH_PX, 0, HATCH_PX]) {
        pen.beginPath();
        pen.moveTo(x0 + shift, y0);
        pen.lineTo(x1 + shift, y1);
        pen.stroke();
      }
    }
    if (symbol.hatch === "dots") {
      pen.beginPath();
      pen.arc(HATCH_PX / 2, HATCH_PX / 2, 1.2, 0, 2 * Math.PI);
      pen.fill();
    }
    return tile;
  }

  function hatchPattern(ctx, symbol) {
    const key = symbol.hatch + (symbol.stroke || symbol.fill);
    if (!patterns.has(key)) {
      patterns.set(key, ctx.createPattern(hatchTile(symbol), "repeat"));
    }
    return patterns.get(key);
  }

  function setPen(ctx, symbol, scale) {
    ctx.strokeStyle = symbol.stroke;
    ctx.lineWidth = Math.max(symbol.stroke_mm * PX_PER_MM * scale, 0.5);
    ctx.setLineDash(symbol.dash_mm.map((mm) => mm * PX_PER_MM));
    ctx.lineJoin = "round";
  }

  function paintPath(ctx, symbol, isArea, scale = 1) {
    const fill = isArea ? fillStyle(symbol) : null;
    if (fill) {
      ctx.fillStyle = fill;
      ctx.fill("evenodd");
    }
    if (isArea && symbol.hatch) {
      ctx.fillStyle = hatchPattern(ctx, symbol);
      ctx.fill("evenodd");
    }
    if (symbol.stroke && symbol.stroke_mm > 0) {
      setPen(ctx, symbol, scale);
      ctx.stroke();
      ctx.setLineDash([]);
    } else if (!isArea && symbol.fill) {
      ctx.strokeStyle = symbol.fill;
      ctx.lineWidth = 1;
      ctx.stroke();
    }
  }

  // Corners of the markers, in units of half their size.
  const corners = {
    square: [[-0.886, -0.886], [0.886, -0.886], [0.886, 0.886], [-0.886, 0.886]],
    diamond: [[0, -1.1], [1.1, 0], [0, 1.1], [-1.1, 0]],
    triangle: [[0, -1.15], [1.1, 0.8], [-1.1, 0.8]],
    star: Array.from({ length: 10 }, (_, i) => {
      const reach = i % 2 ? 0.5 : 1.2;
      const turn = (i * Math.PI) / 5 - Math.PI / 2;
      return [reach * Math.cos(turn), reach * Math.sin(turn)];
    }),
  };

  function markerPath(ctx, shape, x, y, half) {
    if (shape === "circle") {
      ctx.moveTo(x + half, y);
      ctx.arc(x, y, half, 0, 2 * Math.PI);
    } else if (shape === "cross") {
      ctx.moveTo(x - half, y - half);
      ctx.lineTo(x + half, y + half);
      ctx.moveTo(x - half, y + half);
      ctx.lineTo(x + half, y - half);
    } else {
      corners[shape].forEach(([dx, dy], i) => {
        if (i) ctx.lineTo(x + dx * half, y + dy * half);
        else ctx.moveTo(x + dx * half, y + dy * half);
      });
      ctx.closePath();
    }
  }

  // Seen from afar, markers shrink, so that a crowded street does not become one blot.
  function markerScale(zoom) {
    return Math.min(1.3, Math.max(0.6, 0.6 + (zoom - 13) * 0.16));
  }

  function halfSize(symbol, scale) {
    return Math.max((symbol.size_mm * PX_PER_MM * scale) / 2, 1.4);
  }

  function paintMarker(ctx, symbol, x, y, scale) {
    ctx.beginPath();
    markerPath(ctx, symbol.shape, x, y, halfSize(symbol, scale));
    paintPath(ctx, symbol, symbol.shape !== "cross", scale);
  }

  function swatch(symbol, nature) {
    const canvas = document.createElement("canvas");
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [26, 18];
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    canvas.className = "swatch";
    canvas.setAttribute("aria-hidden", "true");
    const ctx = canvas.getContext("2d");
    ctx.scale(ratio, ratio);
    if (nature === "points") {
      paintMarker(ctx, symbol, width / 2, height / 2, 1);
    } else {
      ctx.beginPath();
      if (nature === "areas") ctx.rect(2, 2, width - 4, height - 4);
      else { ctx.moveTo(2, height / 2); ctx.lineTo(width - 2, height / 2); }
      paintPath(ctx, symbol, nature === "areas");
    }
    return canvas;
  }

  return { paintMarker, paintPath, markerScale, halfSize, swatch };
})();

// A whole layer as one Leaflet path: projected once a zoom, drawn in one go.
var gisappLayerPath = (function () {
  const CLICK_REACH_PX = 6;

  function unpacked(steps) {
    const degrees = new Float64Array(steps.length);
    let [x, y] = [0, 0];
    for (let i = 0; i < steps.length; i += 2) {
      x += steps[i];
      y += steps[i + 1];
      degrees[i] = x / 1e6;
      degrees[i + 1] = y / 1e6;
    }
    return degrees;
  }

  function unpackedShapes(shapes) {
    return shapes.map(([row, rings]) => ({ row, rings: rings.map(unpacked) }));
  }

  return L.Path.extend({
    options: { interactive: false, weight: 0 },

    initialize: function (layer, renderer) {
      L.setOptions(this, { renderer });
      this.layer = layer;
      this.points = unpacked(layer.points.xy);
      this.shapes = [
        ...unpackedShapes(layer.areas).map((s) => Object.assign(s, { isArea: true })),
        ...unpackedShapes(layer.lines).map((s) => Object.assign(s, { isArea: false })),
      ];
    },

    _project: function () {
      const map = this._map;
      const origin = map.getPixelOrigin();
      const project = (degrees) => {
        const px = new Float64Array(degrees.length);
        for (let i = 0; i < degrees.length; i += 2) {
          const point = map.project([degrees[i + 1], degrees[i]]);
          px[i] = point.x - origin.x;
          px[i + 1] = point.y - origin.y;
        }
        return px;
      };
      this.pointsPx = project(this.points);
      for (const shape of this.shapes) {
        shape.px = shape.rings.map(project);
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
      const { row } = this.layer.points;
      const scale = gisappSymbols.markerScale(this._map.getZoom());
      const margin = 20;
      // the last rule's points lie lowest, as on the program's own map
      for (let rule = this.layer.rules.length - 1; rule >= 0; rule--) {
        const symbol = this.layer.rules[rule];
        for (let i = 0; i < row.length; i++) {
          const [x, y] = [this.pointsPx[2 * i], this.pointsPx[2 * i + 1]];
          if (this.layer.rule[row[i]] === rule && x > min.x - margin && x < max.x + margin &&
              y > min.y - margin && y < max.y + margin) {
            gisappSymbols.paintMarker(ctx, symbol, x, y, scale);
          }
        }
      }
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
})();
