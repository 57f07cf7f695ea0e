// SPDX-License-Identifier: GPL-3.0-or-later
// The pages of public reviews in a document of jsdom, before an API that is made up here.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const site = path.join(process.env.RAFILM_INFRA, "site");
const packages = process.env.RAFILM_NPM;
const { start, starsOf, subjectOf } = await import(pathToFileURL(path.join(site, "reviews.js")));
const skip = packages ? false : "npm packages not found";

const HEAT = { id: 949, title: "Heat", release_date: "1995-12-15" };
const REVIEW = {
  id: "abcdefghijklmnopqrstuv",
  film: 949,
  handle: "anna",
  rating: 9,
  liked: true,
  date: "2026-03-02",
  text: "First.\n\n<img src=x onerror=alert(1)>",
  lang: "en",
  at: 1,
};

/** Opens a page at an address; answers: what the API says, by path, a number being a failure. */
async function open(name, address, answers) {
  const { JSDOM } = createRequire(path.join(packages, "package.json"))("jsdom");
  const dom = new JSDOM(readFileSync(path.join(site, name)), { url: `https://site.test${address}` });
  const asked = [];

  globalThis.document = dom.window.document;
  globalThis.fetch = async (url) => {
    if (url === "/api.json") return { ok: true, json: async () => ({ api: "https://api.test/prod" }) };
    const asks = url.replace("https://api.test/prod/v1/", "");
    asked.push(asks);
    const answer = answers[asks];
    if (answer === undefined) throw new TypeError("network");
    return typeof answer === "number"
      ? { ok: false, status: answer }
      : { ok: true, status: 200, json: async () => answer };
  };
  await start(dom.window.location);
  return { document: dom.window.document, asked, answers, window: dom.window };
}

const text = (page, selector) => page.document.querySelector(selector).textContent;

test("stars and addresses", () => {
  assert.deepEqual([1, 2, 9, 10].map(starsOf), ["½", "★", "★★★★½", "★★★★★"]);
  assert.equal(subjectOf("/film/949-heat", "film"), "949");
  assert.equal(subjectOf("/film/12345678901", "film"), null);
  assert.equal(subjectOf("/film/%E0%A4%A", "film"), null);
  assert.equal(subjectOf("/person/Anna", "person"), "anna");
  assert.equal(subjectOf("/person/..%2fadmin", "person"), null);
});

test("a film's reviews, page by page", { skip }, async () => {
  const page = await open("film.html", "/film/949", {
    "films/949": HEAT,
    "films/949/reviews": { reviews: [REVIEW], cursor: "1#a" },
    "films/949/reviews?cursor=1%23a": { reviews: [{ ...REVIEW, handle: "ben" }], cursor: null },
  });
  assert.equal(text(page, "h1"), "Heat (1995)");
  assert.equal(text(page, "article h2 a"), "@anna");
  assert.equal(page.document.querySelector("article h2 a").getAttribute("href"), "/person/anna");
  assert.equal(text(page, ".stars"), "★★★★½");
  assert.equal(page.document.querySelector("time").getAttribute("datetime"), "2026-03-02");
  assert.equal(page.document.querySelectorAll(".words p").length, 2);
  assert.equal(page.document.querySelector(".reviews img"), null, "a review's text is no markup");

  const more = page.document.querySelector(".more");
  assert.equal(more.hidden, false);
  more.click();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(page.document.querySelectorAll("article").length, 2);
  assert.equal(more.hidden, true);
  assert.equal(page.document.querySelector("main").hasAttribute("aria-busy"), false);
});

test("spoilers are veiled", { skip }, async () => {
  const page = await open("film.html", "/film/949", {
    "films/949": HEAT,
    "films/949/reviews": { reviews: [{ ...REVIEW, spoiler: true }], cursor: null },
  });
  const veil = page.document.querySelector("details");
  assert.equal(veil.open, false);
  assert.ok(veil.querySelector(".words"));
});

test("a person's reviews name their films", { skip }, async () => {
  const page = await open("person.html", "/person/Anna", {
    "people/anna/reviews": { reviews: [REVIEW, { ...REVIEW, film: 5 }], cursor: null },
    "films?ids=949,5": { results: [HEAT] },
  });
  const titles = [...page.document.querySelectorAll("article h2")].map((head) => head.textContent);
  assert.deepEqual(titles, ["Heat (1995)", "Film 5"]);
  assert.equal(text(page, "h1"), "@anna");
});

test("what is not there is said", { skip }, async () => {
  let page = await open("person.html", "/person/nobody", { "people/nobody/reviews": 404 });
  assert.match(text(page, ".about"), /nobody of that name/);
  page = await open("film.html", "/film/", {});
  assert.match(text(page, ".about"), /no such film/);
  assert.deepEqual(page.asked, []);
  page = await open("film.html", "/film/949", {
    "films/949": HEAT,
    "films/949/reviews": { reviews: [], cursor: null },
  });
  assert.match(text(page, ".about"), /Nobody has published/);
});

test("a failure can be tried again", { skip }, async () => {
  const page = await open("film.html", "/film/949", { "films/949": HEAT, "films/949/reviews": 503 });
  const more = page.document.querySelector(".more");
  assert.match(text(page, ".about"), /cannot be fetched/);
  assert.equal(more.textContent, "Try again");
  page.answers["films/949/reviews"] = { reviews: [REVIEW], cursor: null };
  more.click();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(page.document.querySelectorAll("article").length, 1);
  assert.equal(text(page, ".about"), "");
});
