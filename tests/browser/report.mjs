// The page of `imgbench compare -o page.html` in a real browser: what is on it, keyboard, both colour schemes, no request,
// no accessibility violation, names that are no markup, and a page of a thousand images.
//
//   node tests/browser/report.mjs IMGBENCH [SCREENSHOTS]
//
// IMGBENCH is the program. Needs Chromium (CHROMIUM, or `chromium` on the path), playwright-core and axe-core; says so
// and ends with 0 where they are missing.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const [program, screenshots] = process.argv.slice(2);

function missing(what) {
  console.log(`skipped: no ${what} (npm install --no-save playwright-core axe-core; Debian's chromium)`);
  process.exit(0);
}

// Beside the working directory, or wherever NODE_PATH says.
const require = createRequire(path.join(process.cwd(), "package.json"));
function load(name) {
  try { return require(name); } catch { return missing(name); }
}
const { chromium } = load("playwright-core");
load("axe-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
let executablePath = process.env.CHROMIUM;
if (!executablePath) {
  try {
    executablePath = execFileSync("sh", ["-c", "command -v chromium || command -v google-chrome"]).toString().trim();
  } catch { missing("Chromium"); }
}

const folder = mkdtempSync(path.join(tmpdir(), "imgbench-page-"));
const run = (...args) => execFileSync(path.resolve(program), args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
const browser = await chromium.launch({ executablePath, args: sandbox });

/** Opens `name`; anything that the page asks for or complains of ends the test. */
async function open(name, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, bypassCSP: false, ...options });
  const page = await context.newPage();
  const url = pathToFileURL(path.join(folder, name)).href;
  page.problems = [];
  page.on("request", (request) => {
    const asked = request.url();
    const own = asked === url || asked.startsWith("data:") || (options.beside && asked.startsWith("file:"));
    if (!own) page.problems.push(`asked for ${asked}`);
  });
  page.on("pageerror", (error) => page.problems.push(error.message));
  page.on("console", (message) => { if (message.type() === "error") page.problems.push(message.text()); });
  page.on("dialog", (dialog) => { page.problems.push("a dialog"); dialog.dismiss(); });
  await page.goto(url);
  return page;
}

async function close(page) {
  assert.deepEqual(page.problems, []);
  await page.context().close();
}

async function accessible(page, what) {
  // The policy of the page keeps scripts out that are in it, not those of the inspector.
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run());
  const told = found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`);
  assert.deepEqual(told, [], `axe, ${what}`);
}

async function shot(page, name) {
  if (screenshots) {
    mkdirSync(screenshots, { recursive: true });
    await page.screenshot({ path: path.join(screenshots, `${name}.png`), fullPage: true });
  }
}

const rows = (page) => page.locator("#all tbody tr:visible");
const first = (page, column) => page.locator("#all tbody tr:visible").first().locator("th, td").nth(column).textContent();

const tests = {
  async "the page says what was found, in both colour schemes and on paper"() {
    const colours = [];
    for (const colorScheme of ["light", "dark"]) {
      const page = await open("page.html", { colorScheme });
      assert.match(await page.title(), /3 images in JPEG, WebP and PNG/);
      assert.match(await page.locator(".verdict").textContent(), /At SSIMULACRA2 70/);
      assert.equal(await page.locator("figure svg[role=img]").count(), await page.locator("figure").count());
      colours.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
      await accessible(page, colorScheme);
      await page.locator("details").evaluateAll((all) => all.forEach((d) => { d.open = true; }));
      await accessible(page, `${colorScheme}, opened`);
      await shot(page, colorScheme);
      await close(page);
    }
    assert.notEqual(colours[0], colours[1]);
    // A sheet of A4 between its margins.
    const page = await open("page.html", { colorScheme: "dark", viewport: { width: 702, height: 1016 } });
    await page.emulateMedia({ media: "print" });
    for (const control of ["#filters", "#look", "nav", "summary", "#scheme"]) {
      assert.equal(await page.locator(control).first().isVisible(), false, control);
    }
    assert.equal(await rows(page).count(), 9);
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).colorScheme), "light");
    const cut = await page.evaluate(() => [...document.querySelectorAll("table, figure svg, pre, p")]
      .filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML.slice(0, 80)));
    assert.deepEqual(cut, []);
    const arrow = () => getComputedStyle(document.querySelector("#all thead button"), "::after").content;
    assert.equal(await page.evaluate(arrow), "none");
    await close(page);
  },

  async "the button turns the colours, and stays"() {
    const page = await open("page.html", { colorScheme: "light" });
    const colour = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const before = await colour();
    await page.click("#scheme");
    assert.notEqual(await colour(), before);
    assert.equal(await page.textContent("#scheme"), "Light");
    await close(page);
  },

  async "the table is ordered and filtered, by keyboard too, and copied as CSV"() {
    const page = await open("page.html");
    const size = page.locator("#all thead th[data-id=bytes]");
    await size.locator("button").focus();
    await page.keyboard.press("Enter");
    assert.equal(await size.getAttribute("aria-sort"), "ascending");
    const bytes = () => rows(page).evaluateAll((all) => all.map((row) => Number(row.cells[5].dataset.v)));
    const up = await bytes();
    assert.deepEqual(up, [...up].sort((a, b) => a - b));
    await page.keyboard.press("Enter");
    assert.deepEqual(await bytes(), up.reverse());
    await page.selectOption("select[data-column='1']", "WebP");
    assert.equal(await rows(page).count(), 3);
    assert.match(await page.textContent("#count"), /3 of 9/);
    await page.fill("#find", "LOGO");
    assert.equal(await rows(page).count(), 1);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.click("#copy");
    const csv = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(csv, /^path,format,goal,quality,pixels,bytes,/);
    assert.equal(csv.trim().split("\r\n").length, 2);
    assert.match(csv, /logo\.png,WebP/);
    await close(page);
  },

  async "two pictures are compared in four ways, by keyboard too"() {
    const page = await open("page.html");
    const stage = page.locator("#stage");
    const loaded = () => page.waitForFunction(() =>
      [...document.querySelectorAll("#stage img")].every((i) => i.complete && i.naturalWidth > 0));
    await loaded();
    // Wipe: the range is a native one.
    await page.focus("#wipe");
    await page.keyboard.press("Home");
    assert.match(await page.locator("#pane-b").getAttribute("style"), /inset\(0(px)? 0(px)? 0(px)? 0%\)/);
    await page.keyboard.press("ArrowRight");
    assert.match(await page.locator("#pane-b").getAttribute("style"), /1%/);
    // Flicker: the space bar shows the other.
    await page.check("[name=mode][value=flicker]");
    await stage.focus();
    const seen = () => page.locator("#pane-b").evaluate((e) => getComputedStyle(e).visibility);
    assert.equal(await seen(), "hidden");
    await page.keyboard.press(" ");
    assert.equal(await seen(), "visible");
    // Zoom and place are those of both.
    const transforms = () => page.locator("#stage img").evaluateAll((all) => all.map((i) => i.style.transform));
    await page.check("[name=mode][value=side]");
    await page.selectOption("#zoom", "4");
    const before = await transforms();
    await stage.focus();
    await page.keyboard.press("ArrowRight");
    const after = await transforms();
    assert.equal(after[0], after[1]);
    assert.notEqual(after[0], before[0]);
    assert.match(after[0], /scale\(4\)/);
    await page.keyboard.press("-");
    assert.match((await transforms())[0], /scale\(2\)/);
    await shot(page, "side");
    // Differences: those of a picture with itself are none.
    await page.check("[name=mode][value=heat]");
    assert.equal(await page.locator("#heat-key").isVisible(), true);
    await page.selectOption("#look-b", "0");
    await page.selectOption("#zoom", "fit");
    assert.match(await page.textContent("#look-facts"), /Original/);
    for (const mode of ["wipe", "flicker", "side", "heat"]) {
      await page.check(`[name=mode][value=${mode}]`);
      await accessible(page, mode);
    }
    await page.selectOption("#look-image", "1");
    await loaded();
    await close(page);
  },

  async "a blind test hides which is which, and tells how likely guessing is"() {
    const page = await open("page.html");
    await page.click("#blind-start");
    const tags = await page.locator("#stage .tag").allTextContents();
    assert.deepEqual(tags, ["", ""]);
    assert.deepEqual(await page.locator("#stage img").evaluateAll((all) => all.map((i) => i.alt)), ["hidden", "hidden"]);
    for (const tools of ["#look-tools", "#modes"]) assert.equal(await page.locator(tools).isVisible(), false, tools);
    await accessible(page, "blind");
    await page.locator("#stage").focus();
    for (const key of ["a", "b", "x"]) await page.keyboard.press(key);
    // X shows what A shows, or what B does: who looks well is always right.
    const shown = () => page.locator("#stage").getAttribute("data-other");
    for (let trial = 0; trial < 6; trial++) {
      await page.click("[data-show=x]");
      const x = await shown();
      await page.click("[data-show=a]");
      await page.click(await shown() === x ? "[data-is=a]" : "[data-is=b]");
    }
    await page.click("#blind-end");
    assert.match(await page.textContent("#blind-result"), /6 of 6 right, p = 0\.016: you see a difference/);
    assert.equal(await page.locator("#blind-trials tr").count(), 6);
    assert.match((await page.locator("#stage .tag").allTextContents()).join(), /Original/);
    await close(page);
  },

  async "the blind test is answered by keys wherever the focus is"() {
    const page = await open("page.html");
    await page.click("#blind-start");
    await page.click("[data-is=a]");
    const pressed = () => page.locator("[aria-pressed=true]").getAttribute("data-show");
    assert.equal(await pressed(), "x");
    await page.keyboard.press("b");
    assert.equal(await pressed(), "b");
    await close(page);
  },

  async "the stage is as large as the picture, which is shown pixel by pixel"() {
    const page = await open("glass.html");
    const at = () => page.evaluate(() => {
      const [stage, image, wipe] = ["stage", "img-a", "wipe"].map((name) => document.getElementById(name));
      const [box, slider] = [stage.getBoundingClientRect(), wipe.getBoundingClientRect()];
      return { wide: box.width, high: box.height, image: [image.width, image.height], place: image.style.transform,
        apart: [slider.left - box.left, slider.right - box.right] };
    });
    const whole = await at();
    assert.deepEqual([whole.wide, whole.high], whole.image);
    assert.equal(whole.place, "translate(0px, 0px) scale(1)");
    // What is under the slider's thumb is what it moves.
    assert.deepEqual(whole.apart, [0, 0]);
    await page.check("[name=mode][value=side]");
    assert.equal((await at()).wide, 2 * whole.wide);
    await page.check("[name=mode][value=wipe]");
    await page.selectOption("#zoom", "2");
    assert.equal((await at()).wide, 2 * whole.wide);
    await close(page);
  },

  async "pictures that are the same do not differ, be they transparent"() {
    const page = await open("glass.html");
    await page.selectOption("#look-b", { label: await page.locator("#look-b option", { hasText: "PNG" }).textContent() });
    await page.check("[name=mode][value=heat]");
    await page.mouse.move(0, 0);
    const shown = (await page.locator("#stage").screenshot()).toString("base64");
    // The brightest of the heat map: what has no difference is nearly black.
    const brightest = await page.evaluate(async (png) => {
      const image = new Image();
      image.src = `data:image/png;base64,${png}`;
      await image.decode();
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [image.width - 2, image.height - 2];
      const context = canvas.getContext("2d");
      context.drawImage(image, -1, -1);
      return context.getImageData(0, 0, canvas.width, canvas.height).data.reduce((most, v, n) => n % 4 === 3 ? most : Math.max(most, v), 0);
    }, shown);
    assert.ok(brightest < 32, `${brightest}`);
    await close(page);
  },

  async "a page without a picture works, too"() {
    const page = await open("none.html");
    assert.match(await page.textContent("main"), /No image was measured/);
    assert.equal(await page.locator("nav a[href='#look'], nav a[href='#results']").count(), 0);
    await page.click("#scheme");
    await accessible(page, "none");
    await close(page);
  },

  async "names are text"() {
    const page = await open("hostile.html");
    assert.equal(await page.locator("img[src=x], b.evil").count(), 0);
    const text = await page.locator("#all").textContent();
    assert.ok(text.includes("<img src=x onerror=alert(1)>.png"), text);
    assert.equal(await page.evaluate(() => window.evil), undefined);
    await accessible(page, "hostile");
    await close(page);
  },

  async "pictures in a folder are shown, too"() {
    const page = await open("beside.html", { beside: true });
    await page.waitForFunction(() => document.getElementById("img-b").naturalWidth > 0);
    assert.ok(await page.locator("#img-b").evaluate((i) => i.src.includes("/pictures/")));
    await close(page);
    assert.ok(statSync(path.join(folder, "beside.html")).size < 200_000);
  },

  async "a narrow screen scrolls down only, and shows charts whole"() {
    const narrow = { viewport: { width: 360, height: 740 } };
    const tooWide = () => document.documentElement.scrollWidth - innerWidth;
    const hostile = await open("hostile.html", narrow);
    assert.equal(await hostile.evaluate(tooWide), 0);
    await close(hostile);
    const page = await open("page.html", narrow);
    assert.equal(await page.evaluate(tooWide), 0);
    const cut = () => [...document.querySelectorAll("figure > .scroll")].filter((e) => e.scrollWidth > e.clientWidth + 2).length;
    assert.equal(await page.evaluate(cut), 0);
    await shot(page, "narrow");
    await close(page);
  },

  async "texts of charts keep inside, do not cover each other, and are as large as those around them"() {
    for (const name of ["page.html", "sweep.html"]) {
      const page = await open(name, { viewport: { width: 1400, height: 900 } });
      const bad = await page.evaluate(() => [...document.querySelectorAll("figure svg[role=img]")].flatMap((svg) => {
        const frame = svg.getBoundingClientRect();
        const texts = [...svg.querySelectorAll("text")].map((e) => [e.textContent, e.getBoundingClientRect()]);
        const small = texts.filter(([, b]) => b.height < 12);
        const outside = texts.filter(([, b]) => b.left < frame.left - 1 || b.right > frame.right + 1 || b.bottom > frame.bottom + 2);
        const covered = texts.filter(([, a], n) => texts.some(([, b], m) => n < m
          && a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4));
        return [...small, ...outside, ...covered].map(([text]) => `${svg.querySelector("title").textContent}: ${text}`);
      }));
      assert.deepEqual(bad, []);
      await close(page);
    }
  },

  async "a thousand images open within two seconds, in less than a kilobyte a result"() {
    const one = JSON.parse(readFileSync(path.join(folder, "many.json")));
    const images = Array.from({ length: 1000 }, (_, n) =>
      ({ ...one.images[n % one.images.length], path: `photos/album-${n % 20}/picture-${String(n).padStart(4, "0")}.png` }));
    images.sort((a, b) => (a.path < b.path ? -1 : 1));
    writeFileSync(path.join(folder, "thousand.json"), JSON.stringify({ ...one, images }));
    run("report", "thousand.json", "-o", "thousand.html");
    const results = images.reduce((sum, image) => sum + image.results.length, 0);
    const size = statSync(path.join(folder, "thousand.html")).size;
    assert.ok(size < 300_000 + results * 1000, `${size} bytes`);
    const begin = performance.now();
    const page = await open("thousand.html");
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    const took = performance.now() - begin;
    assert.equal(await page.locator("#all tbody tr").count(), results);
    console.log(`   ${results} results, ${(size / 1e6).toFixed(2)} MB, ${took.toFixed(0)} ms`);
    assert.ok(took < Number(process.env.OPEN_WITHIN_MS ?? 2000), `${took} ms`);
    await close(page);
  },
};

try {
  const sample = (name) => path.join(root, "samples", name);
  const inputs = ["photo.png", "chart.png", "logo.png"].map(sample);
  const quiet = ["--no-progress", "--quiet", "-f", "jpeg,webp,png"];
  run("compare", ...inputs, ...quiet, "-t", "ssimulacra2=70", "-o", "page.html");
  run("compare", ...inputs, ...quiet, "-q", "60,80", "-o", "many.json");
  run("compare", inputs[1], ...quiet, "-q", "60", "-o", "beside.html", "--html-assets", "pictures");
  run("compare", ...inputs, ...quiet, "-q", "50..80/10", "-o", "sweep.html", "--html-max-embed", "0");
  run("compare", inputs[2], ...quiet, "-q", "60", "-o", "glass.html");
  writeFileSync(path.join(folder, "broken.png"), "no image");
  run("compare", "broken.png", ...quiet, "-q", "60", "-o", "none.html", "--allow-failures");
  mkdirSync(path.join(folder, "bad"));
  const small = readFileSync(inputs[2]);
  for (const name of [`${"long-".repeat(30)}.png`, "<img src=x onerror=alert(1)>.png", "\"onmouseover=\"window.evil=1\".png", "<b class=evil>&amp;.png"]) {
    writeFileSync(path.join(folder, "bad", name), small);
  }
  writeFileSync(path.join(folder, "bad", "<script>window.evil=1<script>.png"), "no image");
  run("compare", "bad", ...quiet, "-t", "psnr=35", "-m", "psnr", "-o", "hostile.html", "--allow-failures");
  for (const [name, test] of Object.entries(tests)) {
    await test();
    console.log(`ok ${name}`);
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
