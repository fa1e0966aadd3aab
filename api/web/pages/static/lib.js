// @ts-check
/** What every script of the page uses: words of the reader's language, the API, and ways to tell something. */

/** @param {string} id @returns {any} */
export const at = (id) => document.getElementById(id);

/** @type {Record<string, string>} */
const words = JSON.parse(at("words")?.textContent || "{}");

/**
 * A sentence in the reader's language.
 * @param {string} key @param {Record<string, string | number>} [values]
 */
export function say(key, values = {}) {
  return (words[key] || "").replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** @param {string} key */
export const has = (key) => key in words;

/** Position in the recording, written as the service writes it. @param {number} seconds */
export function clock(seconds) {
  const whole = Math.floor(seconds + 1e-6);
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

/** A figure that the service rounded, in the language's writing. @param {number} value */
export function percent(value) {
  const text = value.toFixed(1);
  return `${document.documentElement.lang === "en" ? text : text.replace(".", ",")}\u202f%`;
}

/** What the service says of a failure, in the reader's language when the page has words for its code. */
export class Problem extends Error {
  /** @param {{code?: string, detail?: string}} told */
  constructor(told) {
    super((told.code && has(told.code) && !words[told.code].includes("{") && say(told.code)) || told.detail || say("no_answer"));
    this.code = told.code || "";
  }
}

/**
 * Ask the API. @param {string} path @param {string} [method] @param {object} [body] @returns {Promise<any>}
 * @throws {Problem}
 */
export async function ask(path, method = "GET", body) {
  const given = body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
  let answer;
  try {
    answer = await fetch(path, { method, ...given });
  } catch {
    throw new Problem({ detail: say("broken_off") });
  }
  if (answer.status === 204) return null;
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Problem(told);
  return told;
}

/** A short word for everybody, also for those who listen. @param {string} text */
export function tell(text) {
  const place = at("told");
  place.textContent = text;
  setTimeout(() => { if (place.textContent === text) place.textContent = ""; }, 4000);
}

/** @param {unknown} error */
export function complain(error) {
  const place = at("problem");
  place.textContent = error instanceof Error ? error.message : String(error || "");
  place.hidden = !place.textContent;
  if (!place.hidden) place.scrollIntoView({ block: "nearest" });
}

/**
 * Have something done, with the button held meanwhile, and its failure told.
 * @param {HTMLElement | null} button @param {() => Promise<void>} work
 */
export async function working(button, work) {
  if (button) /** @type {any} */ (button).disabled = true;
  complain("");
  try {
    await work();
  } catch (error) {
    complain(error);
  } finally {
    if (button) /** @type {any} */ (button).disabled = false;
  }
}

/** Buttons that copy an element's text. @param {ParentNode} root */
export function copying(root) {
  for (const button of root.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      const source = at(/** @type {HTMLElement} */ (button).dataset.copy || "");
      try {
        await navigator.clipboard.writeText(source.textContent);
        tell(say("copied"));
      } catch {
        getSelection()?.selectAllChildren(source);
      }
    });
  }
}
