"use strict";
// Many markers at once: copied pixel by pixel from one picture of each symbol, the topmost first,
// so that a pixel that is full is never written again. Exact to a pixel of the screen.
var gisappSplats = (function () {
  const FULL = 255;

  // An empty picture of a box of the map; in the memory of `earlier` where that has the same size.
  function begin(earlier, [left, top, right, bottom]) {
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [Math.ceil((right - left) * ratio), Math.ceil((bottom - top) * ratio)];
    if (earlier && earlier.canvas.width === width && earlier.canvas.height === height) {
      earlier.pixels.fill(0);
      return Object.assign(earlier, { left, top, ratio });
    }
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width, height];
    const image = new ImageData(width, height);
    return { canvas, image, pixels: new Uint32Array(image.data.buffer), left, top, ratio };
  }

  // The pixels of a symbol that are not empty: where they lie from its middle, and their colours.
  function stampOf(symbol, scale, ratio) {
    const reach = Math.ceil(gisappSymbols.reachPx(symbol, scale) * ratio) + 1;
    const side = 2 * reach + 1;
    const picture = document.createElement("canvas");
    picture.width = picture.height = side;
    const pen = picture.getContext("2d", { willReadFrequently: true });
    pen.translate(reach + 0.5, reach + 0.5);
    pen.scale(ratio, ratio);
    gisappSymbols.paintMarker(pen, symbol, 0, 0, scale);
    const colours = new Uint32Array(pen.getImageData(0, 0, side, side).data.buffer);
    const stamp = { dx: [], dy: [], colour: [] };
    colours.forEach((colour, i) => {
      if (colour >>> 24 === 0) return;
      stamp.dx.push((i % side) - reach);
      stamp.dy.push(Math.floor(i / side) - reach);
      stamp.colour.push(colour >>> 0);
    });
    return { reach, ...stamp, colour: Uint32Array.from(stamp.colour) };
  }

  // Lay a symbol under what is there, its middle on each of `places`: x and y in turn, in pixels of
  // the map, the last on top.
  function under({ image, pixels, left, top, ratio }, symbol, scale, places) {
    const { reach, dx, dy, colour } = stampOf(symbol, scale, ratio);
    const { width, height } = image;
    const offset = Int32Array.from(dx, (x, k) => dy[k] * width + x);
    for (let i = places.length - 2; i >= 0; i -= 2) {
      const x = Math.floor((places[i] - left) * ratio);
      const y = Math.floor((places[i + 1] - top) * ratio);
      if (x < reach || y < reach || x >= width - reach || y >= height - reach) continue;
      const middle = y * width + x;
      for (let k = 0; k < offset.length; k++) {
        const at = middle + offset[k];
        const there = pixels[at];
        if (there === 0) pixels[at] = colour[k];
        else if (there >>> 24 !== FULL) pixels[at] = blended(there, colour[k]);
      }
    }
  }

  function blended(over, below) {
    const above = (over >>> 24) / FULL;
    const rest = ((below >>> 24) / FULL) * (1 - above);
    const alpha = above + rest;
    let mixed = Math.round(alpha * FULL) << 24;
    for (const shift of [0, 8, 16]) {
      const part = ((over >>> shift) & FULL) * above + ((below >>> shift) & FULL) * rest;
      mixed |= Math.round(part / alpha) << shift;
    }
    return mixed >>> 0;
  }

  function draw(ctx, { canvas, image, left, top, ratio }) {
    canvas.getContext("2d").putImageData(image, 0, 0);
    ctx.drawImage(canvas, left, top, canvas.width / ratio, canvas.height / ratio);
  }

  return { begin, under, draw };
})();
