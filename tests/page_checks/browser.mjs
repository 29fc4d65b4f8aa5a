// Chromium without a screen and without a network of its own (/usr/bin/chromium, or $CHROMIUM).
import { chromium } from "playwright-core";

export const executable = process.env.CHROMIUM || "/usr/bin/chromium";

export const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

export function launch() {
  return chromium.launch({ executablePath: executable, args: flags, headless: true });
}

// What a check was asked to do: JSON on standard input.
export async function asked() {
  const parts = [];
  for await (const part of process.stdin) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString("utf-8"));
}
