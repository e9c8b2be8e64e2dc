"use strict";
// What the page says: its texts, numbers and dates in the reader's language. Every text of the data
// is shown through textContent; nothing is ever parsed as markup.
var gisappWords = (function () {
  const LOCALES = { id: "id-ID", en: "en-GB" };
  let texts, lang;

  function begin(data) {
    texts = data.texts;
    lang = data.lang;
  }

  function speak(code) {
    lang = code;
  }

  const spoken = () => lang;

  const text = (key) => texts[lang][key];

  function say(key, values) {
    return text(key).replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  function inWords(labels) {
    return labels[lang] || labels.en || Object.values(labels)[0] || "";
  }

  function number(value, decimals) {
    return value.toLocaleString(LOCALES[lang], { maximumFractionDigits: decimals }).replace("-", "−");
  }

  function count(value) {
    return value === null ? text("hidden") : number(value, 0);
  }

  function day(iso) {
    const [year, month, date] = iso.split("-").map(Number);
    const moment = new Date(Date.UTC(year, month - 1, date));
    if (!iso || Number.isNaN(moment.getTime())) return iso;
    return moment.toLocaleDateString(LOCALES[lang], { dateStyle: "long", timeZone: "UTC" });
  }

  function element(tag, className, content, ...children) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (content !== undefined && content !== null) made.textContent = content;
    made.append(...children);
    return made;
  }

  // A text of the data, which may run from right to left.
  function given(tag, className, content) {
    const made = element(tag, className, content);
    made.dir = "auto";
    return made;
  }

  return { begin, speak, spoken, text, say, inWords, number, count, day, element, given };
})();
