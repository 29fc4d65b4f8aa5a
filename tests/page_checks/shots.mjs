// Takes pictures: {url, out, shots: [{name, path, width, height, dark, full}]} on standard input.
import { asked, launch } from "./browser.mjs";

const { url, out, shots } = await asked();
const browser = await launch();
for (const shot of shots) {
  const context = await browser.newContext({
    viewport: { width: shot.width, height: shot.height },
    colorScheme: shot.dark ? "dark" : "light",
    locale: "en-GB",
    timezoneId: "UTC",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  await page.goto(url + shot.path, { waitUntil: "load" });
  if (shot.path.includes("?q=")) await page.waitForSelector("#found article");
  await page.screenshot({ path: `${out}/${shot.name}.png`, fullPage: Boolean(shot.full) });
  await context.close();
}
await browser.close();
