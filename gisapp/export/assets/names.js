"use strict";
// Names of areas on the map: each on the roomiest spot of the part of it that is seen, the largest
// first, and none where it would not fit or would cover another.
var gisappNames = (function () {
  const MOST_TRIED = 200;
  const GRID = 14;
  const SIMPLER_PX = 1.5;
  const APART_PX = 4;
  let map, paths, freeArea, pane;

  // `free` gives the part of the map that nothing covers, in container pixels.
  function begin(leafletMap, layerPaths, free) {
    [map, paths, freeArea] = [leafletMap, layerPaths, free];
    pane = map.createPane("names");
    pane.setAttribute("aria-hidden", "true"); // the popups tell the names
    map.on("zoomstart", () => pane.replaceChildren());
    map.on("zoomend moveend resize", update);
  }

  function update() {
    const free = freeArea();
    const view = L.bounds(map.containerPointToLayerPoint(free.min), map.containerPointToLayerPoint(free.max));
    const names = paths.filter((path) => path._map && path.layer.names).flatMap((path) => wanted(path, view));
    names.sort((a, b) => b.size - a.size);
    const tried = names.slice(0, MOST_TRIED);
    const labels = tried.map(({ text }) => gisappWords.given("span", "area-name", text));
    pane.replaceChildren(...labels);
    const sizes = labels.map((label) => L.point(label.offsetWidth, label.offsetHeight));
    const taken = obstacles();
    tried.forEach((name, i) => {
      const box = standing(name, sizes[i], view);
      if (box && !taken.some((other) => other.overlaps(box))) {
        taken.push(L.bounds(box.min.subtract([APART_PX, APART_PX]), box.max.add([APART_PX, APART_PX])));
        L.DomUtil.setPosition(labels[i], box.min.round());
      } else {
        labels[i].remove();
      }
    });
  }

  // What lies over the map, so that no name goes beneath it.
  function obstacles() {
    const frame = map.getContainer().getBoundingClientRect();
    return [...document.querySelectorAll(".leaflet-control, #legend, #search, #time")].map((control) => {
      const { left, top, right, bottom } = control.getBoundingClientRect();
      const corners = [[left, top], [right, bottom]].map(([x, y]) => [x - frame.left, y - frame.top]);
      return L.bounds(corners.map((corner) => map.containerPointToLayerPoint(corner)));
    });
  }

  function standing({ seen, at }, size, view) {
    const room = seen.getSize();
    if (size.x > room.x || size.y > room.y) return null;
    const corner = at().subtract(size.divideBy(2));
    const box = L.bounds(corner, corner.add(size));
    return view.contains(box) ? box : null;
  }

  // Each named feature once, by the largest part of it that is in view.
  function wanted(path, view) {
    const largest = new Map();
    const { layer } = path;
    const column = layer.fields.findIndex((field) => field.name === layer.names);
    for (const shape of path.shapes) {
      const text = shape.isArea && layer.rule[shape.row] >= 0 ? layer.values[column](shape.row) : "";
      const seen = text ? seenPart(shape, view) : null;
      if (!seen) continue;
      const { x, y } = seen.box.getSize();
      if (x * y > (largest.get(shape.row)?.size || 0)) {
        const at = () => roomiest(seen.rings, seen.box);
        largest.set(shape.row, { size: x * y, seen: seen.box, at, text });
      }
    }
    return [...largest.values()];
  }

  function seenPart(shape, view) {
    const [left, top, right, bottom] = shape.box;
    if (!view.overlaps(L.bounds([left, top], [right, bottom]))) return null;
    const rings = shape.px
      .map((px) => L.LineUtil.simplify(pointsOf(px), SIMPLER_PX))
      .map((ring) => L.PolyUtil.clipPolygon(ring, view, false))
      .filter((ring) => ring.length > 2);
    return rings.length ? { rings, box: L.bounds(rings[0]) } : null;
  }

  function pointsOf(px) {
    return Array.from({ length: px.length / 2 }, (_, i) => L.point(px[2 * i], px[2 * i + 1]));
  }

  // The place inside that is farthest from every edge: on a coarse grid, then on finer ones.
  function roomiest(rings, box) {
    let best = { at: box.getCenter(), room: -Infinity };
    let [from, step] = [box.min, box.getSize().divideBy(GRID)];
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i <= GRID; i++) {
        for (let j = 0; j <= GRID; j++) {
          const at = from.add(step.scaleBy(L.point(i, j)));
          const room = roomAt(rings, at);
          if (room > best.room) best = { at, room };
        }
      }
      from = best.at.subtract(step);
      step = step.multiplyBy(2 / GRID);
    }
    return best.at;
  }

  // Squared distance to the nearest edge; negative outside.
  function roomAt(rings, { x, y }) {
    let [nearest, inside] = [Infinity, false];
    for (const ring of rings) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [a, b] = [ring[i], ring[j]];
        const [dx, dy] = [b.x - a.x, b.y - a.y];
        if (a.y > y !== b.y > y && x < (dx * (y - a.y)) / dy + a.x) inside = !inside;
        const along = ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy || 1);
        const t = Math.max(0, Math.min(1, along));
        nearest = Math.min(nearest, (a.x + t * dx - x) ** 2 + (a.y + t * dy - y) ** 2);
      }
    }
    return inside ? nearest : -nearest;
  }

  return { begin, update };
})();
