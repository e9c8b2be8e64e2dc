"use strict";
// The date slider: which dated areas are in force on another day. What was found stays as it was.
var gisappTime = (function () {
  const { text, say, day, element } = gisappWords;
  const DAY_MS = 86400000;
  const BEYOND_DAYS = 30;
  let data, dated, changed, box, slider, dates, first;

  // `onChange` is called with the layers that are drawn otherwise.
  function begin(allData, onChange) {
    data = allData;
    changed = onChange;
    box = document.getElementById("time");
    dated = data.layers.filter((layer) => layer.times);
    dates = [...new Set(dated.flatMap((layer) => layer.times.dates))].sort();
    box.hidden = !dates.length || !data.asOf;
    if (box.hidden) return;
    for (const layer of dated) {
      layer.asOfState = { rule: layer.rule, counts: layer.rules.map((rule) => rule.count) };
    }
    const days = [...dates, data.asOf].map(dayNumber);
    first = Math.min(...days) - BEYOND_DAYS;
    slider = element("input");
    Object.assign(slider, { type: "range", id: "time-slider", min: 0, max: Math.max(...days) + BEYOND_DAYS - first });
    slider.value = dayNumber(data.asOf) - first;
    slider.addEventListener("input", show);
  }

  const dayNumber = (iso) => Math.round(Date.parse(iso + "T00:00:00Z") / DAY_MS);
  const chosen = () => new Date((first + Number(slider.value)) * DAY_MS).toISOString().slice(0, 10);

  function speak() {
    if (box.hidden) return;
    const label = element("label", "", text("time"));
    label.htmlFor = slider.id;
    const said = element("output");
    said.htmlFor = slider.id;
    const back = button("time_back", "↺", () => goTo(data.asOf));
    back.className = "back";
    box.replaceChildren(
      element("div", "head", null, label, said, back),
      element("div", "row", null, button("time_before", "‹", () => step(-1)), slider, button("time_after", "›", () => step(1))),
      element("p", "small"),
    );
    tell();
  }

  function button(key, sign, act) {
    const made = element("button", "", sign);
    made.type = "button";
    made.title = text(key);
    made.setAttribute("aria-label", text(key));
    made.addEventListener("click", act);
    return made;
  }

  // To the date before or after on which something begins or ends.
  function step(way) {
    const now = chosen();
    const to = way > 0 ? dates.find((date) => date > now) : dates.findLast((date) => date < now);
    if (to) goTo(to);
  }

  function goTo(date) {
    slider.value = dayNumber(date) - first;
    show();
  }

  function show() {
    const date = chosen();
    for (const layer of dated) {
      const { rule, counts } = date === data.asOf ? layer.asOfState : stateOn(layer, date);
      layer.rule = rule;
      layer.rules.forEach((told, i) => { told.count = counts[i]; });
    }
    tell();
    changed(dated);
  }

  function stateOn({ times }, date) {
    const at = times.dates.filter((one) => one <= date).length;
    if (!times.rules[at].length) times.rules[at] = gisappPacked.numbers(times.rules[at]);
    return { rule: times.rules[at], counts: times.counts[at] };
  }

  function tell() {
    const date = chosen();
    const isAsOf = date === data.asOf;
    box.querySelector("output").textContent = day(date);
    slider.setAttribute("aria-valuetext", day(date));
    box.querySelector(".back").disabled = isAsOf;
    box.querySelector("p").textContent = isAsOf ? "" : say("time_moved", { date: day(data.asOf) });
  }

  return { begin, speak };
})();
