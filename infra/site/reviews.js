// SPDX-License-Identifier: GPL-3.0-or-later
// Fills film.html (/film/949) and person.html (/person/anna) with what Rafilm's API has published.
// All that people wrote is put in as text, never as markup.

class NotFound extends Error {}

/** Makes an element with text in it: make("p", "Seen twice", { class: "soft" }). */
function make(name, text, attributes = {}) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text) element.textContent = text;
  return element;
}

/** Half stars, 1 to 10, as people read them: 9 is ★★★★½. */
export function starsOf(rating) {
  return "★".repeat(Math.floor(rating / 2)) + (rating % 2 ? "½" : "");
}

/** The film or the person of an address such as /film/949-heat or /person/anna; null without one. */
export function subjectOf(path, kind) {
  const word = (path.split("/")[2] ?? "").toLowerCase();
  const pattern = kind === "film" ? /^[1-9][0-9]{0,9}(?![0-9])/ : /^[a-z0-9_]{3,20}$/;
  return word.match(pattern)?.[0] ?? null;
}

async function get(api, path) {
  const answer = await fetch(`${api}/v1/${path}`);
  if (answer.status === 404) throw new NotFound(path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

function nameOf(film) {
  const year = film.release_date?.slice(0, 4);
  return year ? `${film.title} (${year})` : film.title;
}

/** What stands above a review: film or person, stars, and when the film was seen. */
function headOf(review, title, address) {
  const head = make("h2");
  const line = make("p", "", { class: "line" });
  head.append(make("a", title, { href: address }));
  if (review.rating) {
    const label = `${review.rating / 2} of 5 stars`;
    line.append(
      make("span", starsOf(review.rating), { class: "stars", role: "img", "aria-label": label }),
    );
  }
  if (review.liked) line.append(make("span", "♥", { role: "img", "aria-label": "Liked" }));
  if (review.date) {
    // A day has no time of day; told as UTC at both ends it stays that day everywhere.
    const day = new Date(`${review.date}T00:00:00Z`);
    const told = day.toLocaleDateString("en", { dateStyle: "long", timeZone: "UTC" });
    line.append(make("time", `Watched ${told}`, { datetime: review.date }));
  }
  return [head, line];
}

function textOf(review) {
  const text = make("div", "", { class: "words", dir: "auto" });
  if (review.lang) text.lang = review.lang;
  for (const part of review.text.split(/\n{2,}/)) text.append(make("p", part));
  if (!review.spoiler) return text;
  const veil = make("details");
  veil.append(make("summary", "This review gives the story away. Show it"), text);
  return veil;
}

function show(page, list, films) {
  for (const review of list) {
    const article = make("article");
    const film = films.get(review.film);
    const [title, address] =
      page.kind === "film"
        ? [`@${review.handle}`, `/person/${review.handle}`]
        : [film ? nameOf(film) : `Film ${review.film}`, `/film/${review.film}`];
    article.append(...headOf(review, title, address), textOf(review));
    page.reviews.append(article);
  }
}

async function filmsOf(page, list) {
  const ids = [...new Set(list.map((review) => review.film))].slice(0, 40);
  if (page.kind === "film" || ids.length === 0) return new Map();
  try {
    const { results } = await get(page.api, `films?ids=${ids}`);
    return new Map(results.map((film) => [film.id, film]));
  } catch {
    return new Map(); // reviews without titles are better than none
  }
}

async function showMore(page) {
  const cursor = page.cursor ? `?cursor=${encodeURIComponent(page.cursor)}` : "";
  const found = await get(page.api, `${page.path}/reviews${cursor}`);
  show(page, found.reviews, await filmsOf(page, found.reviews));
  page.cursor = found.cursor ?? null;
  page.more.hidden = page.cursor === null;
  page.more.textContent = "Show more";
}

async function showTitle(page) {
  const title =
    page.kind === "film" ? nameOf(await get(page.api, page.path)) : `@${page.subject}`;
  page.main.querySelector("h1").textContent = title;
  document.title = `${title}: reviews on Rafilm`;
}

function tellEnd(page) {
  const nothing =
    page.kind === "film"
      ? "Nobody has published a review of this film yet."
      : "This person has not published a review yet.";
  page.about.textContent = page.reviews.childElementCount ? "" : nothing;
}

/** What went wrong is said in words, and can be tried again. */
function tellFailure(page, error) {
  if (error instanceof NotFound) {
    page.about.textContent =
      page.kind === "film" ? "There is no such film." : "There is nobody of that name.";
    page.more.hidden = true;
    return;
  }
  page.about.textContent = "The reviews cannot be fetched now.";
  page.more.textContent = "Try again";
  page.more.hidden = false;
}

async function fill(page) {
  page.main.setAttribute("aria-busy", "true");
  page.more.disabled = true;
  try {
    page.api ??= (await (await fetch("/api.json")).json()).api;
    if (!page.titled) await showTitle(page);
    page.titled = true;
    await showMore(page);
    tellEnd(page);
  } catch (error) {
    tellFailure(page, error);
  }
  page.more.disabled = false;
  page.main.removeAttribute("aria-busy");
}

export async function start(address = window.location) {
  const main = document.querySelector("[data-reviews]");
  const kind = main.dataset.reviews;
  const subject = subjectOf(address.pathname, kind);
  const page = {
    main,
    kind,
    subject,
    path: `${kind === "film" ? "films" : "people"}/${subject}`,
    about: main.querySelector(".about"),
    reviews: main.querySelector(".reviews"),
    more: main.querySelector(".more"),
  };
  if (subject === null) {
    tellFailure(page, new NotFound());
    main.removeAttribute("aria-busy");
    return;
  }
  page.more.addEventListener("click", () => fill(page));
  await fill(page);
}

if (globalThis.document?.querySelector("[data-reviews]")) start();
