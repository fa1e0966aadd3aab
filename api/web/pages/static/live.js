// @ts-check
/**
 * Following an analysis: the stream says when something happened, the page is asked anew for how it looks now.
 * The server stays the only one who words and draws.
 */
import { at } from "./lib.js";

const KINDS = ["queued", "stage", "media", "plan", "evidence", "verdict", "explanation", "narrative", "waiting"];
const FINAL = ["finished", "failed", "cancelled"];
const PAUSE_MS = 600;
const RETRY_MS = 4000;
/** What is away sends no event. */
const LOOK_MS = 15000;

/**
 * @param {string} source address of the analysis in the API
 * @param {() => void} whole called when the page as a whole is to be renewed
 */
export function follow(source, whole) {
  let due = 0, running = false, again = false, ended = false;

  async function renew() {
    due = 0;
    if (running) { again = true; return; }
    running = true;
    try {
      await refresh(ended ? whole : null);
    } catch {
      if (ended) setTimeout(renew, RETRY_MS);
    }
    running = false;
    if (again) { again = false; soon(); }
  }
  function soon() {
    if (!due) due = window.setTimeout(renew, PAUSE_MS);
  }

  /** EventSource reconnects by itself and names the last event it saw, so nothing is missed. */
  function listen() {
    const stream = new EventSource(`${source}/events`);
    stream.addEventListener("open", () => lost(false));
    stream.addEventListener("error", () => {
      lost(true);
      if (stream.readyState === EventSource.CLOSED) { stream.close(); setTimeout(listen, RETRY_MS); soon(); }
    });
    for (const kind of KINDS) stream.addEventListener(kind, (event) => { hear(event); soon(); });
    for (const kind of FINAL) stream.addEventListener(kind, () => { ended = true; stream.close(); renew(); });
  }
  listen();
  const looking = window.setInterval(() => { if (ended) clearInterval(looking); else soon(); }, LOOK_MS);
}

/** For those who listen: what just happened, once. @param {MessageEvent} event */
function hear(event) {
  const place = at("heard");
  if (place) place.textContent = JSON.parse(event.data).message;
}

/** @param {boolean} is */
function lost(is) {
  const place = at("connection");
  if (place) place.hidden = !is;
}

/**
 * Take over what changed; with `whole`, everything.
 * @param {(() => void) | null} whole
 */
async function refresh(whole) {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = fresh.querySelector("main");
  if (!main) return;
  if (whole) {
    document.querySelector("main")?.replaceWith(main);
    document.title = fresh.title;
    whole();
    return;
  }
  for (const part of main.querySelectorAll("[data-live]")) {
    const old = at(part.id);
    if (old && plain(old) !== plain(part)) old.replaceWith(part);
    else if (!old) at("progress")?.after(part);
  }
  document.title = fresh.title;
}

/** One part of the page as it is now. @param {string} id */
export async function renewed(id) {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
  if (fresh) at(id)?.replaceWith(fresh);
}

/** What a part shows, without the signatures of its addresses. @param {Element} part */
function plain(part) {
  return part.outerHTML.replace(/\?[^"]*/g, "").replace(/<time[^>]*>[^<]*<\/time>/g, "").replace(/ hidden=""/g, "");
}
