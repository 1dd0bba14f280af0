// One line in: {mode, addresses}. One line out when the visit is over.
import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-site-isolation-trials", "--disable-features=site-per-process,IsolateOrigins,SpareRendererForSitePerProcess", "--renderer-process-limit=3"];
const launch = (more) => puppeteer.launch({ executablePath: "/usr/bin/chromium", args: [...flags, ...more] });
const plain = await launch([]);
const stealth = await launch(["--disable-blink-features=AutomationControlled"]);
const agent = (await plain.version()).replace(/.*\/(\d+).*/, "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/$1.0.0.0 Safari/537.36");
let fox;
const firefox = () => (fox ??= puppeteer.launch({ browser: "firefox", executablePath: "/usr/bin/firefox-esr" }));
const idle = { true: [], false: [] };
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

async function foxVisit(address) {
  const page = await (await firefox()).newPage();
  await page.goto(address, { waitUntil: "load", timeout: 15000 });
  for (let step = 0; step < 6; step++) await page.mouse.move(80 + 30 * step, 120 + 17 * step);
  await wait(300);
  await page.close();
}

async function visit(mode, address) {
  if (mode === "firefox") return foxVisit(address);
  const hides = mode.startsWith("stealth");
  const page = idle[hides].pop() ?? (await (hides ? stealth : plain).newPage());
  try {
    if (hides) await page.setUserAgent(agent);
    await page.goto(address, { waitUntil: "networkidle2", timeout: 15000 });
    if (mode === "plain") await page.evaluate(() => document.title);
    if (mode.endsWith("presser")) await page.click("button").catch(() => {});
    if (mode.endsWith("mover")) for (let step = 0; step < 6; step++) await page.mouse.move(80 + 30 * step, 120 + 17 * step);
    if (mode.endsWith("human")) {
      let at = [620, 540];
      for (const to of [[410, 300], [505, 262], [180, 90]]) {
        const bend = 60 - Math.random() * 120;
        for (let t = 0; t <= 1; t += 0.08) {
          const ease = t * t * (3 - 2 * t);
          await page.mouse.move(at[0] + (to[0] - at[0]) * ease + bend * Math.sin(Math.PI * t), at[1] + (to[1] - at[1]) * ease);
          await wait(4 + Math.random() * 14);
        }
        at = to;
      }
      await page.mouse.wheel({ deltaY: 120 });
    }
    await wait(mode.endsWith("reader") ? 3600 : 200);
  } finally {
    await page.goto("about:blank").catch(() => {});
    idle[hides].push(page);
    await wait(60);
  }
}

createInterface({ input: process.stdin }).on("line", async (line) => {
  const { number, mode, addresses } = JSON.parse(line);
  try {
    await Promise.all(addresses.map((address) => visit(mode, address)));
  } catch (error) {
    console.error(String(error));
  }
  console.log(number);
});
process.on("SIGTERM", async () => {
  await Promise.allSettled([plain.close(), stealth.close(), fox?.then((one) => one.close())]);
  process.exit(0);
});
