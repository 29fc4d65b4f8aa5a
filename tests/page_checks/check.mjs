// Checks pages in the browser: {url, paths, settings: [{dark, width}]} on standard input.
// Says, for each page: axe's violations, what asked another host, errors, dialogs, overflow, shift.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { asked, launch } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf-8");
const { url, paths, settings, rules = true, scripts = true, bypass = rules } = await asked();
const browser = await launch();
const told = [];
for (const setting of settings) {
  const context = await browser.newContext({
    viewport: { width: setting.width, height: 900 },
    colorScheme: setting.dark ? "dark" : "light",
    bypassCSP: bypass,
    javaScriptEnabled: scripts,
    timezoneId: "Asia/Kathmandu",
  });
  await context.addInitScript(() => {
    window.__shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.__shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  const page = await context.newPage();
  let outside, errors, dialogs;
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith("data:")) outside.push(request.url());
  });
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("dialog", (dialog) => { dialogs.push(dialog.message()); dialog.dismiss(); });
  for (const path of paths) {
    [outside, errors, dialogs] = [[], [], []];
    const answer = await page.goto(url + path, { waitUntil: "load" });
    if (path.includes("?q=")) await page.waitForTimeout(300);
    const seen = { path, ...setting, status: answer.status(), outside, errors, dialogs, violations: [] };
    if (scripts) {
      seen.overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      seen.shift = await page.evaluate(() => window.__shift);
    }
    if (rules) {
      await page.evaluate(axe);
      const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
      seen.violations = result.violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 160)}`);
    }
    told.push(seen);
  }
  await context.close();
}
await browser.close();
process.stdout.write(JSON.stringify(told));
