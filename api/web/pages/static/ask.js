// @ts-check
/** Questions about an analysis. Answers come as statements, one by one, each with what it stands on. */
import { Problem, ask, say } from "./lib.js";

/**
 * The events in a piece of a stream of server-sent events, and what is left of an unfinished one.
 * @param {string} text @returns {{events: any[], rest: string}}
 */
export function eventsOf(text) {
  const blocks = text.replaceAll("\r\n", "\n").split("\n\n");
  const rest = blocks.pop() || "";
  const events = blocks.flatMap((block) => {
    const line = block.split("\n").find((each) => each.startsWith("data: "));
    return line ? [JSON.parse(line.slice(6))] : [];
  });
  return { events, rest };
}

/** @param {HTMLElement} main */
export function asking(main) {
  const panel = /** @type {HTMLElement | null} */ (main.querySelector("[data-ask]"));
  if (!panel) return;
  const analysis = main.dataset.analysis || "";
  const log = /** @type {HTMLElement} */ (panel.querySelector("[data-dialogue]"));
  const form = /** @type {HTMLFormElement} */ (panel.querySelector("[data-ask-form]"));
  const field = /** @type {HTMLInputElement} */ (form.querySelector("input"));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  const problem = /** @type {HTMLElement} */ (panel.querySelector("[data-ask-problem]"));
  log.scrollTop = log.scrollHeight;

  form.addEventListener("submit", (event) => { event.preventDefault(); put(field.value.trim()); });
  for (const chip of panel.querySelectorAll("[data-suggestions] button")) {
    chip.addEventListener("click", () => put(chip.textContent || ""));
  }

  /** @param {string} text */
  async function put(text) {
    if (!text || button.disabled) return;
    button.disabled = true;
    problem.hidden = true;
    log.hidden = false;
    const question = part("p", "question", text), answer = part("div", "answer", "");
    answer.append(part("p", "fine", say("ask_waiting")));
    log.append(question, answer);
    log.scrollTop = log.scrollHeight;
    field.value = "";
    try {
      if (!panel?.dataset.conversation) {
        const begun = await ask("/v1/conversations", "POST", { analysis_ids: [analysis] });
        if (panel) panel.dataset.conversation = begun.id;
      }
      await listen(`/v1/conversations/${panel?.dataset.conversation}/messages`, text, answer);
    } catch (error) {
      answer.remove();
      question.remove();
      log.hidden = !log.childElementCount;
      field.value = text;
      problem.textContent = error instanceof Problem ? error.message : say("broken_off");
      problem.hidden = false;
    }
    button.disabled = false;
    log.scrollTop = log.scrollHeight;
  }

  /** @param {string} address @param {string} text @param {HTMLElement} answer */
  async function listen(address, text, answer) {
    const response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
      body: JSON.stringify({ text }),
    });
    if (!response.ok || !response.body) throw new Problem(await response.json().catch(() => ({})));
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let kept = "", ended = false;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const { events, rest } = eventsOf(kept + value);
      kept = rest;
      for (const event of events) ended = hear(event, answer) || ended;
    }
    if (!ended) throw new Problem({});
  }

  /** @param {any} event @param {HTMLElement} answer @returns {boolean} whether this was the last */
  function hear(event, answer) {
    if (event.kind === "statement") {
      answer.querySelector(".fine")?.remove();
      answer.append(statement(event.detail, analysis));
      log.scrollTop = log.scrollHeight;
    } else if (event.kind === "answered") {
      answer.querySelector("p.fine")?.remove();
      const told = event.detail.answer;
      // Statements came one by one; an answer that was found again holds them all at once.
      if (!answer.childElementCount) answer.append(...told.statements.map((/** @type {any} */ each) => statement(each, analysis)));
      answer.lang = told.language;
      if (told.proposal) answer.append(offer());
      if (told.started) {
        const link = /** @type {HTMLAnchorElement} */ (part("a", "", say("ask_started")));
        link.href = `/analyses/${told.started}`;
        answer.append(link);
      }
    } else if (event.kind === "failed") {
      answer.replaceChildren(part("p", "problem", event.message));
    }
    return event.kind === "answered" || event.kind === "failed";
  }

  function offer() {
    const row = part("p", "hints", ""), yes = part("button", "chip", say("ask_yes"));
    yes.setAttribute("type", "button");
    yes.addEventListener("click", () => { row.remove(); put("Yes."); });
    row.append(yes);
    return row;
  }
}

/** @param {any} told @param {string} analysis */
function statement(told, analysis) {
  const line = part("p", "", `${told.text} `), cites = part("span", "cites", "");
  cites.lang = document.documentElement.lang;
  for (const each of told.citations) cites.append(...citation(each, analysis));
  if (told.provenance === "llm") cites.append(part("span", "by-model", say("by_model")));
  line.append(cites);
  return line;
}

/**
 * A citation reads as the row of evidence that it leads to; what is no evidence has no row and needs no link.
 * @param {{id: string, analysis_id: string | null, time_s?: number}} told @param {string} analysis
 */
function citation(told, analysis) {
  if (!told.analysis_id) return [];
  const row = told.analysis_id === analysis ? document.getElementById(`ev-${told.id}`) : null;
  const link = /** @type {HTMLAnchorElement} */ (part("a", "cite", row?.dataset.name || told.id));
  link.href = row ? `#ev-${told.id}` : `/analyses/${told.analysis_id}#ev-${told.id}`;
  const moment = /** @type {HTMLElement | null | undefined} */ (row?.querySelector("[data-seek]"));
  if (moment) {
    link.dataset.seek = told.time_s === undefined ? moment.dataset.seek : String(told.time_s);
    if (moment.dataset.map) link.dataset.map = moment.dataset.map;
    link.append(" ", part("span", "at", moment.textContent || ""));
  }
  return [link];
}

/** @param {string} name @param {string} kind @param {string} text */
function part(name, kind, text) {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  made.textContent = text;
  return made;
}
