"use strict";
// The panel beside the map: what this is, who is affected, area by area, and how it was made.
var gisappPanel = (function () {
  const { text, say, inWords, count, day, element, given } = gisappWords;
  const NO_AREAS = new Set(["outside", "no_location"]);
  let data, speak, panel;

  // `onSpeak` is called with the language that the reader chose.
  function begin(allData, onSpeak) {
    data = allData;
    speak = onSpeak;
    panel = document.getElementById("panel");
  }

  function show() {
    panel.setAttribute("aria-label", text("panel"));
    panel.replaceChildren(header(), summary(), areaTable(), about(), element("div", "visually-hidden"));
    panel.lastChild.id = "announcement";
    panel.lastChild.setAttribute("role", "status");
  }

  function languageSwitch() {
    const group = element("div", "languages");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", text("language"));
    for (const [code, name] of [["id", "Indonesia"], ["en", "English"]]) {
      const button = element("button", "", name);
      button.type = "button";
      button.lang = code;
      button.setAttribute("aria-pressed", String(code === gisappWords.spoken()));
      button.addEventListener("click", () => {
        speak(code);
        document.querySelector(`.languages [lang="${code}"]`).focus();
      });
      group.append(button);
    }
    return group;
  }

  function header() {
    const title = given("h1", "", inWords(data.title));
    const badges = element("p", "badges", null, element("span", "badge", text("edition")));
    if (data.asOf) badges.prepend(element("span", "badge strong", say("as_of", { date: day(data.asOf) })));
    if (data.recipient) badges.append(element("span", "badge", text("for")));
    const made = element("header", "", null, languageSwitch(), title, badges, element("p", "sentence", text("sentence")));
    const notice = inWords(data.notice);
    if (notice) made.append(given("p", "notice", notice));
    return made;
  }

  function section(key, ...children) {
    const heading = element("h2", "", text(key));
    heading.id = "heading-" + key;
    const made = element("section", key, null, heading, ...children);
    made.setAttribute("aria-labelledby", heading.id);
    return made;
  }

  function summary() {
    if (!data.headlines.length) return element("div");
    const cards = element("dl", "headlines");
    for (const { label, count: value } of data.headlines) {
      const figure = element("dd", value === null ? "hidden-count" : "", count(value));
      cards.append(element("div", "", null, element("dt", "", inWords(label)), figure));
    }
    const counts = [data.headlines, ...data.charts.map(({ rows }) => rows)].flat();
    const someHidden = data.suppresses && counts.some((told) => told.count === null);
    const note = someHidden ? [element("p", "small", text("hidden_note"))] : [];
    return section("summary", cards, ...note, ...data.charts.map(chart));
  }

  function chart({ title, rows }) {
    const most = Math.max(1, ...rows.map((row) => row.count || 0));
    const body = element("tbody");
    for (const row of rows) {
      const name = element("th", "", inWords(row.label));
      name.scope = "row";
      const bar = element("span", row.count === null ? "" : "bar");
      bar.style.width = (100 * (row.count || 0)) / most + "%";
      bar.style.backgroundColor = row.colour;
      const value = element("td", "number" + (row.count === null ? " hidden-count" : ""), count(row.count));
      body.append(element("tr", "", null, name, element("td", "bars", null, bar), value));
    }
    return element("table", "chart", null, element("caption", "", inWords(title)), body);
  }

  function areaTable() {
    if (!data.areas.length) return element("div");
    const columns = ["area", "businesses", "restricted", "families", "family_affected"];
    const head = element("tr");
    for (const key of columns) {
      const cell = element("th", key === "area" ? "" : "number", text(key));
      cell.scope = "col";
      head.append(cell);
    }
    const body = element("tbody");
    for (const area of data.areas) {
      const name = given("th", "", NO_AREAS.has(area.code) ? text(area.code) : area.name);
      name.scope = "row";
      const cells = area.counts.map((n) =>
        element("td", "number" + (n === null ? " hidden-count" : ""), n === undefined ? "" : count(n)));
      body.append(element("tr", "", null, name, ...cells));
    }
    const table = element("table", "areas", null, element("thead", "", null, head), body);
    const parts = [element("div", "scroll", null, table)];
    if (data.suppresses) parts.push(element("p", "small", text("hidden_note")));
    return section("by_area", ...parts);
  }

  function about() {
    const made = section("about", element("p", "risk", text("risk")), element("p", "", text("method")));
    if (data.sources.length) {
      const list = element("ul", "sources");
      for (const source of data.sources) list.append(given("li", "", source));
      made.append(element("h3", "", text("sources")), list);
    }
    made.append(element("p", "small", text("made_with")));
    return made;
  }

  return { begin, show };
})();
