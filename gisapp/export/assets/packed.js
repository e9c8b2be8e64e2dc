"use strict";
// Turns what `packing.py` packed into typed arrays, once, when the page starts.
var gisappPacked = (function () {
  const ARRAYS = {
    u1: Uint8Array, u2: Uint16Array, u4: Uint32Array,
    i1: Int8Array, i2: Int16Array, i4: Int32Array, f8: Float64Array,
  };
  const MISSING_TRUTH = 2;
  const PER_DEGREE = 1e6;

  function numbers({ type, bytes }) {
    const text = atob(bytes);
    const raw = new Uint8Array(text.length);
    for (let i = 0; i < raw.length; i++) raw[i] = text.charCodeAt(i);
    return new ARRAYS[type](raw.buffer);
  }

  function summed(steps) {
    const sums = Int32Array.from(steps);
    for (let i = 1; i < sums.length; i++) sums[i] += sums[i - 1];
    return sums;
  }

  // A column as a function from a row to its value, null where it is missing.
  function column(packed) {
    if (packed.texts) return textColumn(packed);
    if (packed.truths) {
      const truths = numbers(packed.truths);
      return (row) => (truths[row] === MISSING_TRUTH ? null : truths[row] === 1);
    }
    const values = numbers(packed.numbers);
    const { divide, missing } = packed;
    return (row) => {
      const value = values[row];
      return value === missing || Number.isNaN(value) ? null : value / divide;
    };
  }

  function textColumn({ texts, at }) {
    if (!at) return (row) => texts[row];
    const places = numbers(at);
    return (row) => (places[row] ? texts[places[row] - 1] : null);
  }

  // Points as {row, degrees: x and y in turn}.
  function points({ row, from, x, y }) {
    const [east, north] = [numbers(x), numbers(y)];
    const degrees = new Float64Array(2 * east.length);
    for (let i = 0; i < east.length; i++) {
      degrees[2 * i] = (from[0] + east[i]) / PER_DEGREE;
      degrees[2 * i + 1] = (from[1] + north[i]) / PER_DEGREE;
    }
    return { row: summed(numbers(row)), degrees };
  }

  // Lines or areas as [{row, rings: [x and y in turn, …], isArea}, …].
  function shapes(packed, isArea) {
    const [row, ringCounts, vertices] = [summed(numbers(packed.row)), numbers(packed.rings), numbers(packed.vertices)];
    const [x, y, dx, dy] = ["x", "y", "dx", "dy"].map((key) => numbers(packed[key]));
    let [ring, step] = [0, 0];
    const nextRing = () => {
      const degrees = new Float64Array(2 * vertices[ring]);
      let [east, north] = [packed.from[0] + x[ring], packed.from[1] + y[ring]];
      for (let i = 0; i < vertices[ring]; i++) {
        if (i) {
          east += dx[step];
          north += dy[step++];
        }
        degrees[2 * i] = east / PER_DEGREE;
        degrees[2 * i + 1] = north / PER_DEGREE;
      }
      ring++;
      return degrees;
    };
    return Array.from(row, (r, part) => ({
      row: r, isArea, rings: Array.from({ length: ringCounts[part] }, nextRing),
    }));
  }

  // Unpack a layer in its place: `rule` becomes an array, `values` functions of a row.
  function unpack(layer) {
    layer.rule = numbers(layer.rule);
    layer.values = layer.values.map(column);
    layer.points = points(layer.points);
    layer.areas = shapes(layer.areas, true);
    layer.lines = shapes(layer.lines, false);
  }

  return { unpack, numbers, shapes };
})();
