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

  // How far from its middle a marker paints.
  function reachPx(symbol, scale) {
    return halfSize(symbol, scale) * 1.25 + symbol.stroke_mm * PX_PER_MM * scale;
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

  return { paintMarker, reachPx, paintPath, markerScale, halfSize, swatch };
})();
