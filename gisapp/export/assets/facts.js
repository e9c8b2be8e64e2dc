"use strict";
// What a popup tells of a feature: every value it has, in words.
var gisappFacts = (function () {
  const { text, say, inWords, number, day, element, given } = gisappWords;
  // How exact a finding is stands in "uncertain"; what it was worked out from says nothing here.
  const UNSAID = new Set(["probability", "sigma_m", "sigma_known", "_id", "_index"]);
  const REFERS_TO = { admin_code: "admin", evictions: "evictions" };
  const NAME_COLUMNS = ["name", "KODSZN_1", "SUB_ZONA"];
  let layers = [];
  let names = {};
  let hiddenNote = false;

  function begin(data) {
    layers = data.layers;
    hiddenNote = data.suppresses;
    names = {};
  }

  // Names of the areas of a kind that other layers know by their identifiers only.
  function namesOf(kind) {
    if (names[kind]) return names[kind];
    const known = (names[kind] = new Map());
    for (const layer of layers.filter((other) => other.kind === kind)) {
      const nameColumn = NAME_COLUMNS.find((name) => columnOf(layer, name) >= 0);
      for (let row = 0; nameColumn && row < layer.count; row++) {
        known.set(valueNamed(layer, "id", row), valueNamed(layer, nameColumn, row));
      }
    }
    return known;
  }

  const columnOf = (layer, name) => layer.fields.findIndex((field) => field.name === name);

  function valueNamed(layer, name, row) {
    const column = columnOf(layer, name);
    return column < 0 ? null : layer.values[column](row);
  }

  function numberInWords(field, value) {
    const plain = number(value, 2);
    if (field.scale) return say("on_scale", { n: plain, low: number(field.scale[0], 0), high: number(field.scale[1], 0) });
    return field.unit ? plain + " " + inWords(field.unit) : plain;
  }

  function referred(kind, value) {
    return value.split(";").map((id) => {
      const name = namesOf(kind).get(id);
      return name && name !== id ? `${name} (${id})` : id;
    }).join("; ");
  }

  function codeInWords(field, code) {
    if (field.codes && Object.hasOwn(field.codes, code)) return inWords(field.codes[code]);
    return code === "unknown" ? text("missing") : code;
  }

  function shown(layer, field, value, row) {
    if (typeof value === "boolean") return text(value ? "yes" : "no");
    if (typeof value === "number") return numberInWords(field, value);
    if (field.type === "code") return codeInWords(field, value);
    if (field.type === "date" && /^\d{4}-\d{2}-\d{2}$/.test(value)) return day(value);
    const kind = field.name === "area_id" ? valueNamed(layer, "area_kind", row) : REFERS_TO[field.name];
    return kind ? referred(kind, value) : value;
  }

  // The rows of a popup; in a layer of counts, a count that is missing was hidden.
  function facts(layer, row) {
    const told = [];
    layer.fields.forEach((field, column) => {
      const value = layer.values[column](row);
      const hidden = layer.counted && value === null && field.type !== "text";
      if (UNSAID.has(field.name) || ((value === null || value === "") && !hidden)) return;
      const label = inWords(field.label) || (field.name === "id" ? text("id") : field.name);
      const said = hidden ? text("hidden") : shown(layer, field, value, row);
      told.push({ label, said, hidden, isNumber: typeof value === "number" && !field.scale });
    });
    return told;
  }

  function factTable(layer, told) {
    const body = element("tbody");
    for (const { label, said, hidden, isNumber } of told) {
      const header = given("th", "", label);
      header.scope = "row";
      const cell = given("td", hidden ? "number hidden-count" : isNumber ? "number" : "", said);
      body.append(element("tr", "", null, header, cell));
    }
    const scroll = element("div", "facts", null, element("table", "", null, body));
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "group");
    scroll.setAttribute("aria-label", inWords(layer.title));
    return scroll;
  }

  function symbolLine(layer, row, nature) {
    const rule = layer.rules[layer.rule[row]];
    const name = inWords(rule.label);
    if (!name || name === inWords(layer.title)) return [];
    return [element("p", "symbol", null, gisappSymbols.swatch(rule, nature), given("span", "", name))];
  }

  const idOf = (layer, row) => valueNamed(layer, "id", row) || "";

  // What a feature is called: its name, a conflict what was found, else its identifier.
  function titleOf(layer, row) {
    const column = NAME_COLUMNS.find((name) => columnOf(layer, name) >= 0 && valueNamed(layer, name, row));
    if (column) return valueNamed(layer, column, row);
    const finding = valueNamed(layer, "finding", row);
    return finding ? codeInWords(layer.fields[columnOf(layer, "finding")], finding) : idOf(layer, row);
  }

  // The content of a popup of one feature: {nodes, spoken}, the latter for a screen reader.
  function describe(hit) {
    const { layer } = hit.path;
    const nature = hit.shape ? (hit.shape.isArea ? "areas" : "lines") : "points";
    const heading = given("h2", "", inWords(layer.title));
    const told = facts(layer, hit.row);
    const nodes = [heading, ...symbolLine(layer, hit.row, nature), factTable(layer, told)];
    if (layer.counted) nodes.push(element("p", "small", countedNote(told.some((fact) => fact.hidden))));
    const spoken = [inWords(layer.title), ...told.map(({ label, said }) => `${label}: ${said}`)].join("; ");
    return { nodes, spoken };
  }

  function countedNote(someHidden) {
    const note = text("counted_note");
    return someHidden && hiddenNote ? note + " " + text("hidden_note") : note;
  }

  return { begin, describe, idOf, titleOf };
})();
