"use strict";
// The layers with their legends: a box over the map on a wide screen, a sheet on a phone.
var gisappLegend = (function () {
  const { text, say, inWords, number, element, given } = gisappWords;
  const ROOMY = "(min-width: 1000px)";
  let data, changed, box;
  let open = true;

  // `onChange` is called when a layer appears or goes, or the box opens or closes.
  function begin(allData, onChange) {
    data = allData;
    changed = onChange;
    box = document.getElementById("legend");
    open = window.matchMedia(ROOMY).matches;
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && open) setOpen(false);
    });
    show();
  }

  function show() {
    const toggle = given("button", "", text("layers"));
    toggle.type = "button";
    toggle.id = "legend-toggle";
    toggle.setAttribute("aria-controls", "legend-body");
    toggle.addEventListener("click", () => setOpen(!open));
    const body = element("div", "", null, element("ul", "layer-list", null, ...data.layers.map(layerEntry), ...gisappGround.choice()));
    body.id = "legend-body";
    box.setAttribute("aria-labelledby", "legend-toggle");
    box.replaceChildren(element("h2", "", null, toggle), body);
    setOpen(open, true);
  }

  function setOpen(yes, silent) {
    open = yes;
    box.classList.toggle("open", open);
    const toggle = document.getElementById("legend-toggle");
    toggle.setAttribute("aria-expanded", String(open));
    document.getElementById("legend-body").hidden = !open;
    if (silent) return;
    toggle.focus();
    changed();
  }

  // How much of the map's left side the open box covers, in pixels.
  function coveredPx() {
    const covers = open && window.matchMedia(ROOMY).matches && getComputedStyle(box).position === "absolute";
    return covers ? box.offsetLeft + box.offsetWidth : 0;
  }

  function layerEntry(layer, place) {
    const tick = element("input");
    tick.type = "checkbox";
    tick.id = "layer-" + place;
    tick.checked = layer.visible;
    const name = given("span", "layer-title", inWords(layer.title));
    const label = element("label", "", null, tick, name, element("span", "count", number(layer.count, 0)));
    const legend = legendOf(layer);
    const entry = element("li", "", null, label, legend);
    entry.dataset.layer = layer.name;
    const follow = () => {
      legend.hidden = !layer.visible;
      entry.classList.toggle("off", !layer.visible);
    };
    tick.addEventListener("change", () => {
      layer.visible = tick.checked;
      follow();
      changed();
    });
    follow();
    return entry;
  }

  // Have a layer drawn, as if its box was ticked.
  function showLayer(layer) {
    const tick = document.getElementById("layer-" + data.layers.indexOf(layer));
    if (!tick.checked) tick.click();
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
      const n = element("span", "count", number(rule.count, 0));
      legend.append(element("li", "", null, gisappSymbols.swatch(rule, nature), given("span", "", inWords(rule.label)), n));
    }
    const note = (words) => legend.append(element("li", "unplaced", words));
    if (layer.counted) note(text("counted_note"));
    if (layer.unplaced) note(say("unplaced", { n: number(layer.unplaced, 0) }));
    return legend;
  }

  return { begin, show, showLayer, coveredPx };
})();
