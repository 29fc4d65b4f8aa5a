// Puts every time into the reader's own zone. Without it, times are in UTC and say so.
(function () {
  "use strict";
  var language = document.documentElement.lang || undefined;
  var clock, moment, dated;
  try {
    clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", numberingSystem: "latn" });
    dated = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", numberingSystem: "latn" });
    moment = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", numberingSystem: "latn" });
  } catch (error) {
    return;
  }
  function put(time) {
    var when = new Date(time.dateTime);
    if (isNaN(when)) return;
    time.title = time.textContent;
    if (time.dataset.form === "time") {
      var sameDay = when.getDate() === when.getUTCDate();
      time.textContent = (sameDay ? clock : dated).format(when);
    } else {
      time.textContent = moment.format(when);
    }
  }
  window.wiredeskTimes = function (within) {
    within.querySelectorAll("time[data-form]").forEach(put);
  };
  window.wiredeskTimes(document);
})();
