// Takes a new snapshot of Can I use: `node src/support/update.mjs [VERSION]`, VERSION of caniuse-lite, the newest where none
// is named. Writes caniuse.json, and into recorded.json what browserslist itself makes of some queries on that data, which
// is what the tests hold our own reading against.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Our format ids, and what Can I use calls them. What every browser shows is not among them. */
const FORMATS = { webp: "webp", avif: "avif", jxl: "jpegxl" };

/** Queries as people write them, one a way to write them at least. */
const QUERIES = [
  "defaults",
  "> 0.5%, last 2 versions, Firefox ESR, not dead",
  "> 0.25%, not dead",
  ">0.2%, not dead, not op_mini all",
  "> 1%",
  ">= 5%",
  "< 0.01%",
  "<= .02% and ios_saf > 15",
  "last 2 versions",
  "last 1 version",
  "last 3 major versions",
  "last 2 chrome versions",
  "last 2 Chrome versions, last 2 iOS major versions",
  "last 40 android versions",
  "last 3 op_mob versions",
  "last 70 op_mob versions",
  "last 2 years",
  "last 1.5 years and not dead",
  "since 2024",
  "since 2025-06",
  "since 2026-03-15",
  "dead",
  "chrome 100",
  "chrome >= 100",
  "chrome>120",
  "Edge < 80",
  "safari <= 9.1",
  "safari 16-17",
  "ios_saf 15.2 - 16.4",
  "ios 15",
  "ios_saf > 15",
  "ios_saf >= 15.7",
  "safari 16",
  "Safari TP",
  "ff 115",
  "fx >= esr",
  "firefox esr",
  "ChromeAndroid 100",
  "and_chr > 0",
  "op_mini all",
  "ie 6-8",
  "cover 95%",
  "cover 50.5%",
  "cover 99.9%",
  "unreleased versions",
  "unreleased chrome versions",
  "supports avif",
  "fully supports jpegxl and not safari < 0",
  "partially supports webp",
  "> 0.5% and last 2 versions",
  "chrome > 90 or firefox > 90 and last 10 versions",
  "last 10 versions and not chrome > 0, edge 100",
  "defaults and fully supports avif",
  "not dead or > 1%",
  "samsung >= 12 AND Not Samsung 14.0",
];

/** Configuration files as people write them, by name. */
const FILES = [
  [".browserslistrc", "# who we build for\n> 0.5%\nlast 2 versions # both\nnot dead\n"],
  [".browserslistrc", "defaults, not ie 11\n[development]\nlast 1 chrome version\n[production staging]\nsafari >= 15\nchrome >= 100\n"],
  [".browserslistrc", "last 2 versions and\nnot dead\n"],
  ["package.json", '{"name": "site", "browserslist": "chrome >= 100, safari >= 15"}'],
  ["package.json", '{"browserslist": [">0.2%", "not dead"]}'],
  ["package.json", '{"browserslist": {"development": ["last 1 chrome version"], "production": [">1%", "not dead"]}}'],
];

const npm = (...args) => execFileSync("npm", args, { cwd: folder, encoding: "utf8" });
const folder = mkdtempSync(join(tmpdir(), "caniuse-"));
try {
  const wanted = process.argv[2] ?? "latest";
  writeFileSync(join(folder, "package.json"), '{"private": true}');
  npm("install", "--ignore-scripts", `caniuse-lite@${wanted}`, "browserslist");
  const require = createRequire(join(folder, "here.js"));
  const lite = require("caniuse-lite");
  const { version } = require("caniuse-lite/package.json");
  const date = JSON.parse(npm("view", "caniuse-lite", "time", "--json"))[version].slice(0, 10);
  // “The last two years” are those before the snapshot.
  Date.now = () => Date.parse(date);
  const browserslist = require("browserslist");
  writeFileSync(new URL("caniuse.json", import.meta.url), snapshot(lite, browserslist, version, date));
  writeFileSync(new URL("recorded.json", import.meta.url), recorded(browserslist, version));
} finally {
  rmSync(folder, { recursive: true });
}

function snapshot(lite, browserslist, version, date) {
  const stats = Object.values(FORMATS).map((name) => lite.feature(lite.features[name]).stats);
  const day = (seconds) => seconds && new Date(seconds * 1000).toISOString().slice(0, 10);
  // Only a `y` is full support and only an `a` is part of it: the rest is behind a flag, by a script, or unknown.
  const letter = (flags) => (flags ?? "").split(" ").find((flag) => "ya".includes(flag)) ?? "n";
  const browsers = Object.entries(lite.agents).map(([id, agent]) => {
    const rows = agent.versions.filter(Boolean).map((version) =>
      JSON.stringify([
        version,
        day(agent.release_date[version]),
        agent.usage_global[version] ?? 0,
        stats.map((browsers) => letter(browsers[id][version])).join(""),
      ]),
    );
    const unreleased = agent.versions.slice(-3).filter(Boolean).length;
    const head = JSON.stringify({ id, name: agent.browser, unreleased }).slice(0, -1);
    return `    ${head},"versions":[\n      ${rows.join(",\n      ")}\n    ]}`;
  });
  const head = {
    source: "Can I use",
    package: "caniuse-lite",
    version,
    date,
    licence: "CC-BY-4.0",
    formats: Object.keys(FORMATS),
    firefoxEsr: browserslist("firefox esr")[0].split(" ")[1],
  };
  return JSON.stringify(head, null, 2).slice(0, -2) + `,\n  "browsers": [\n${browsers.join(",\n")}\n  ]\n}\n`;
}

function recorded(browserslist, version) {
  const queries = QUERIES.map((query) => {
    let found;
    try {
      found = browserslist(query);
    } catch (error) {
      return { query, error: error.message };
    }
    return { query, browsers: short(found), coverage: browserslist.coverage(found) };
  });
  const files = FILES.map(([name, text]) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    browserslist.clearCaches();
    const found = browserslist(undefined, { config: path, path: folder });
    return { name, text, browsers: short(found), coverage: browserslist.coverage(found) };
  });
  return JSON.stringify({ version, queries, files }, null, 1) + "\n";
}

/** `chrome 157, chrome 156` → `chrome 157 156`. */
function short(found) {
  const byBrowser = {};
  for (const [browser, version] of found.map((name) => name.split(" "))) (byBrowser[browser] ??= []).push(version);
  return Object.entries(byBrowser).map(([browser, versions]) => `${browser} ${versions.join(" ")}`);
}
