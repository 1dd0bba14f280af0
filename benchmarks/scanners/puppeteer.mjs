// One line in: {mode, addresses}. One line out when the visit is over.
import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const launch = (more) => puppeteer.launch({ executablePath: "/usr/bin/chromium", args: [...flags, ...more] });
const plain = await launch([]);
const stealth = await launch(["--disable-blink-features=AutomationControlled"]);
const agent = (await plain.version()).replace(/.*\/(\d+).*/, "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/$1.0.0.0 Safari/537.36");
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

async function visit(mode, address) {
  const page = await (mode.startsWith("stealth") ? stealth : plain).newPage();
  try {
    if (mode.startsWith("stealth")) await page.setUserAgent(agent);
    await page.goto(address, { waitUntil: "networkidle2", timeout: 15000 });
    if (mode === "plain") await page.evaluate(() => document.title);
    if (mode.endsWith("presser")) await page.click("button").catch(() => {});
    if (mode.endsWith("mover")) for (let step = 0; step < 6; step++) await page.mouse.move(80 + 30 * step, 120 + 17 * step);
    await wait(mode.endsWith("reader") ? 3600 : 200);
  } finally {
    await page.close({ runBeforeUnload: true }).catch(() => {});
    await wait(60);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { mode, addresses } = JSON.parse(line);
  try {
    await Promise.all(addresses.map((address) => visit(mode, address)));
  } catch (error) {
    console.error(String(error));
  }
  console.log("done");
}
