// Searches the index of one file a month, newest month first. Text goes into the page as text only.
(function () {
  "use strict";
  var form = document.querySelector("form.search");
  var field = document.getElementById("q");
  var state = document.getElementById("state");
  var found = document.getElementById("found");
  var more = document.getElementById("more");
  var enough = 40;
  var run = 0;
  var months = null;
  var next = 0;

  function folded(text) {
    return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  }

  function words(text) {
    return folded(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  }

  // A word is found at the start of a word, or anywhere where a script has no spaces.
  function holds(text, word) {
    var at = text.indexOf(word);
    while (at >= 0) {
      if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]) || /[\u0e00-\u0eff\u3040-\u9fff\uac00-\ud7af]/.test(word)) return true;
      at = text.indexOf(word, at + 1);
    }
    return false;
  }

  function ranked(rows, wanted) {
    var hits = [];
    rows.forEach(function (row) {
      var title = folded(row[1]);
      var rest = folded(row[2] + " " + row[3] + " " + row[6]);
      var points = 0;
      for (var i = 0; i < wanted.length; i++) {
        if (holds(title, wanted[i])) points += 3;
        else if (holds(rest, wanted[i])) points += 1;
        else return;
      }
      hits.push([points, row]);
    });
    hits.sort(function (a, b) {
      return b[0] - a[0] || (a[1][4] < b[1][4] ? 1 : -1);
    });
    return hits.map(function (hit) { return hit[1]; });
  }

  function element(name, kind, text) {
    var made = document.createElement(name);
    if (kind) made.className = kind;
    if (text) made.textContent = text;
    return made;
  }

  function shown(row) {
    var entry = element("article", "entry");
    var heading = element("h2");
    var link = element("a", "", row[1]);
    link.href = form.dataset.stories + encodeURIComponent(row[0]) + ".html";
    link.dir = "auto";
    heading.append(link);
    var meta = element("p", "meta");
    meta.append(element("span", "provider", row[2]), " ");
    var time = element("time", "", row[4]);
    time.dateTime = row[4];
    time.dataset.form = "moment";
    meta.append(time);
    entry.append(heading, meta);
    if (row[6]) {
      var excerpt = element("p", "excerpt", row[6]);
      excerpt.dir = "auto";
      entry.append(excerpt);
    }
    return entry;
  }

  async function json(path) {
    var answer = await fetch(form.dataset.index + path);
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }

  async function search(afresh) {
    var mine = ++run;
    var wanted = words(field.value).slice(0, 12);
    if (afresh) {
      next = 0;
      found.replaceChildren();
    }
    more.hidden = true;
    if (!wanted.length) {
      state.textContent = "";
      return;
    }
    state.textContent = form.dataset.working;
    try {
      if (!months) months = (await json("index.json")).months;
      var got = 0;
      while (next < months.length && got < enough) {
        var rows = ranked(await json(months[next][0] + ".json"), wanted);
        if (mine !== run) return;
        next += 1;
        got += rows.length;
        var part = document.createDocumentFragment();
        rows.slice(0, 200).forEach(function (row) { part.append(shown(row)); });
        window.wiredeskTimes(part);
        found.append(part);
      }
      state.textContent = found.children.length ? "" : form.dataset.none.replace("{words}", field.value);
      more.hidden = next >= months.length;
    } catch (error) {
      if (mine === run) state.textContent = form.dataset.failed;
    }
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    history.replaceState(null, "", "?q=" + encodeURIComponent(field.value));
    search(true);
  });
  more.addEventListener("click", function () { search(false); });
  field.value = new URLSearchParams(location.search).get("q") || "";
  if (field.value) search(true);
})();
