// Lighthouse's four scores: {url, paths} on standard input.
import lighthouse from "lighthouse";
import { launch as start } from "chrome-launcher";
import { asked, executable, flags } from "./browser.mjs";

const { url, paths } = await asked();
const told = [];
for (const path of paths) {
  const chrome = await start({ chromePath: executable, chromeFlags: ["--headless=new", ...flags] });
  const result = await lighthouse(url + path, {
    port: chrome.port,
    output: "json",
    logLevel: "error",
    onlyCategories: ["performance", "accessibility", "best-practices", "seo"],
  });
  const scores = {};
  for (const [name, category] of Object.entries(result.lhr.categories)) {
    scores[name] = Math.round(category.score * 100);
  }
  const failed = Object.values(result.lhr.audits)
    .filter((audit) => audit.score !== null && audit.score < 0.9 && audit.scoreDisplayMode !== "informative")
    .map((audit) => `${audit.id} (${audit.score}) ${audit.displayValue || ""}`);
  told.push({ path, scores, failed });
  chrome.kill();
}
process.stdout.write(JSON.stringify(told));
