// Puts every time into the reader's own zone, in the words that the page has for it. Without this
// script times are in UTC and say so.
(function () {
  "use strict";
  var body = document.body.dataset;
  var months = body.months.split("|");
  var longMonths = body.longMonths.split("|");

  function two(number) {
    return (number < 10 ? "0" : "") + number;
  }

  // The zone's short name takes the place of "UTC" where it is as short.
  function zone(when) {
    try {
      var parts = new Intl.DateTimeFormat("en", { timeZoneName: "short" }).formatToParts(when);
      var name = parts.filter(function (part) { return part.type === "timeZoneName"; })[0].value;
      return name.length <= 3 ? " " + name : "";
    } catch (error) {
      return "";
    }
  }

  function filled(pattern, when) {
    var values = {
      day: when.getDate(),
      month: longMonths[when.getMonth()],
      month_short: months[when.getMonth()],
      year: when.getFullYear(),
      time: two(when.getHours()) + ":" + two(when.getMinutes())
    };
    return pattern.replace(/\{(\w+)\}/g, function (all, name) {
      return name in values ? values[name] : all;
    });
  }

  // Nothing may move: a time keeps at least the width that it had, and where the day is another than
  // that of the list around it, a small +1 or -1 says so.
  function localized(time) {
    var when = new Date(time.dateTime);
    if (isNaN(when)) return "";
    if (time.dataset.form === "short") return filled(body.short, when) + zone(when);
    if (time.dataset.form !== "time") return filled(body.moment, when) + zone(when);
    var there = Date.UTC(when.getFullYear(), when.getMonth(), when.getDate());
    var days = Math.round((there - Date.UTC(when.getUTCFullYear(), when.getUTCMonth(), when.getUTCDate())) / 864e5);
    time.title = filled(body.moment, when);
    return filled("{time}", when) + (days ? (days > 0 ? " +1" : " \u22121") : "");
  }

  window.wiredeskTimes = function (within) {
    var times = Array.from(within.querySelectorAll("time[data-form]"));
    var widths = times.map(function (time) { return time.getBoundingClientRect().width; });
    times.forEach(function (time, place) {
      var text = localized(time);
      if (!text) return;
      time.style.minInlineSize = widths[place] + "px";
      time.textContent = text;
    });
  };
  window.wiredeskTimes(document);
})();
