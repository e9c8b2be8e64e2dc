"use strict";
// Finding a feature by any of its texts: a field with a list of what fits, for mouse and keyboard.
var gisappSearch = (function () {
  const { text, say, inWords, number, element, given } = gisappWords;
  const MOST_SHOWN = 20;
  const WAIT_MS = 120;
  const SHORTEST = 2;
  let layers, choose, box, field, list, results, active, waiting;

  // `onChoose` is called with a result: {layer, row}.
  function begin(data, onChoose) {
    layers = data.layers.map((layer) => ({ layer, columns: searched(layer), placed: placedRows(layer) }));
    choose = onChoose;
    box = document.getElementById("search");
    box.setAttribute("role", "search");
    field = element("input");
    field.type = "search";
    field.id = "search-field";
    field.autocomplete = "off";
    field.spellcheck = false;
    const traits = { role: "combobox", "aria-controls": "search-list", "aria-autocomplete": "list", "aria-expanded": "false" };
    for (const [name, value] of Object.entries(traits)) field.setAttribute(name, value);
    list = element("ul");
    list.id = "search-list";
    list.setAttribute("role", "listbox");
    list.hidden = true;
    box.replaceChildren(field, list);
    field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(look, WAIT_MS); });
    field.addEventListener("keydown", onKey);
    field.addEventListener("focus", () => { if (results.length) setOpen(true); });
    box.addEventListener("focusout", (event) => { if (!box.contains(event.relatedTarget)) setOpen(false); });
    results = [];
  }

  function speak() {
    field.placeholder = text("search");
    field.setAttribute("aria-label", text("search"));
    list.setAttribute("aria-label", text("search_results"));
    look();
    setOpen(false);
  }

  const searched = (layer) => layer.fields.flatMap((told, column) => (told.type === "text" ? [layer.values[column]] : []));

  // Which rows are drawn somewhere.
  function placedRows(layer) {
    const placed = new Uint8Array(layer.count);
    for (const row of layer.points.row) placed[row] = 1;
    for (const { row } of [...layer.areas, ...layer.lines]) placed[row] = 1;
    return placed;
  }

  const plain = (value) => value.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  // All that has every word in one text: first what is called so from its beginning.
  function found(asked) {
    const words = plain(asked).split(/\s+/).filter(Boolean);
    const hits = [];
    for (const { layer, columns, placed } of layers) {
      for (let row = 0; row < layer.count; row++) {
        if (!placed[row]) continue;
        const fit = columns.map((valueOf) => valueOf(row)).find((value) => value !== null && fits(value, words));
        if (fit !== undefined) hits.push({ layer, row, fit, rank: rank(layer, row, fit, words) });
      }
    }
    return hits.sort((a, b) => b.rank - a.rank);
  }

  function rank(layer, row, fit, words) {
    if (!plain(fit).startsWith(words.join(" "))) return 0;
    return [gisappFacts.titleOf, gisappFacts.idOf].some((called) => called(layer, row) === fit) ? 2 : 1;
  }

  function fits(value, words) {
    const told = plain(value);
    return words.every((word) => told.includes(word));
  }

  function look() {
    const asked = field.value.trim();
    const hits = asked.length < SHORTEST ? [] : found(asked);
    results = hits.slice(0, MOST_SHOWN);
    active = -1;
    const notes = [];
    if (asked.length >= SHORTEST && !hits.length) notes.push(note(text("search_none")));
    if (hits.length > MOST_SHOWN) notes.push(note(say("search_more", { n: number(hits.length - MOST_SHOWN, 0) })));
    list.replaceChildren(...results.map(option), ...notes);
    setOpen(list.childElementCount > 0);
  }

  function note(words) {
    const made = element("li", "note", words);
    made.setAttribute("role", "presentation");
    return made;
  }

  function option({ layer, row, fit }, place) {
    const title = gisappFacts.titleOf(layer, row) || fit;
    const beside = [inWords(layer.title), title === fit ? "" : fit].filter(Boolean).join(" · ");
    const made = element("li", "", null, given("span", "", title), given("span", "small", beside));
    made.id = "search-" + place;
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", "false");
    made.addEventListener("pointerdown", (event) => { event.preventDefault(); take(place); });
    return made;
  }

  function setOpen(yes) {
    list.hidden = !yes;
    field.setAttribute("aria-expanded", String(yes));
    if (!yes) activate(-1);
  }

  function activate(place) {
    active = place;
    [...list.querySelectorAll("[role=option]")].forEach((entry, i) => entry.setAttribute("aria-selected", String(i === place)));
    if (place < 0) field.removeAttribute("aria-activedescendant");
    else {
      field.setAttribute("aria-activedescendant", "search-" + place);
      list.children[place].scrollIntoView({ block: "nearest" });
    }
  }

  function onKey(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && results.length) {
      event.preventDefault();
      setOpenIfShut();
      activate((active + steps[event.key] + results.length + (active < 0 && event.key === "ArrowUp" ? 1 : 0)) % results.length);
    } else if (event.key === "Enter" && results.length) {
      event.preventDefault();
      take(Math.max(active, 0));
    } else if (event.key === "Escape") {
      if (list.hidden) field.value = "";
      setOpen(false);
    }
  }

  function setOpenIfShut() {
    if (list.hidden) setOpen(true);
  }

  function take(place) {
    setOpen(false);
    field.blur(); // a phone's keyboard covers half the map
    choose(results[place]);
  }

  return { begin, speak };
})();
