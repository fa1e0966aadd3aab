// @ts-check
/** Uploading: drop or pick, see how much has gone, stop, and be told at once what cannot be taken. */
import { ask, at, complain, has, say } from "./lib.js";

const form = at("upload"), file = at("file"), drop = at("drop");
/** @type {XMLHttpRequest | null} */
let request = null;
let stopped = false;

/** @param {number} bytes */
export function size(bytes) {
  /** @type {[number, string][]} */
  const units = [[1e9, "GB"], [1e6, "MB"], [1e3, "kB"]];
  const [step, unit] = units.find(([least]) => bytes >= least) || [1, "B"];
  return `${step === 1 ? bytes : (bytes / step).toFixed(1)}\u202f${unit}`;
}

function chosen() {
  const picked = [...file.files], place = at("chosen");
  place.hidden = !picked.length;
  complain("");
  if (!picked.length) return;
  const total = size(picked.reduce((sum, each) => sum + each.size, 0));
  place.textContent = picked.length === 1 ? `${picked[0].name} · ${total}` : say("many_chosen", { count: picked.length, size: total });
  if (picked.some((each) => each.size > Number(form.dataset.maxBytes))) complain(say("too_large", { size: form.dataset.maxShown }));
}

file.addEventListener("change", chosen);
for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, () => drop.classList.add("over"));
for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
// A file dropped beside the field is meant for it; the browser would leave the page instead.
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  if (event.target === file || !event.dataTransfer?.files.length) return;
  event.preventDefault();
  file.files = event.dataTransfer.files;
  chosen();
});
addEventListener("paste", (event) => {
  const pasted = /** @type {ClipboardEvent} */ (event).clipboardData?.files;
  if (pasted?.length) { file.files = pasted; chosen(); }
});

for (const chip of document.querySelectorAll("[data-instruction]")) {
  chip.addEventListener("click", () => {
    at("instruction").value = /** @type {HTMLElement} */ (chip).dataset.instruction;
    at("instruction").focus();
  });
}

/** @param {boolean} is */
function busy(is) {
  at("send").disabled = is;
  if (at("fetch")) at("fetch").disabled = is;
  at("stop").hidden = !is;
  at("sending").hidden = !is;
  if (!is) { at("bar").value = 0; at("sent").textContent = ""; }
}

form.addEventListener("submit", async (/** @type {Event} */ event) => {
  event.preventDefault();
  const picked = [...file.files];
  if (!picked.length) return;
  complain("");
  if (picked.some((each) => each.size > Number(form.dataset.maxBytes))) { complain(say("too_large", { size: form.dataset.maxShown })); return; }
  busy(true);
  stopped = false;
  /** @type {string[]} */
  const made = [], failed = [];
  for (const [number, each] of picked.entries()) {
    if (picked.length > 1) at("chosen").textContent = say("many_sending", { number: number + 1, count: picked.length, name: each.name });
    try {
      made.push(await send(each));
    } catch (error) {
      failed.push(picked.length > 1 ? say("many_failed", { name: each.name, why: String(/** @type {Error} */ (error).message) }) : String(/** @type {Error} */ (error).message));
    }
    if (stopped) break;
  }
  // One file leads to its page, several to the list of all; what failed is said here first.
  if (made.length && !failed.length) { location.assign(picked.length > 1 ? "/history" : `/analyses/${made[0]}`); return; }
  busy(false);
  chosen();
  complain(failed.join(" "));
});

/** One file on its way. @param {File} picked @returns {Promise<string>} the id of its analysis */
function send(picked) {
  const content = new FormData();
  content.append("instruction", at("instruction").value);
  content.append("file", picked);
  return new Promise((done, fail) => {
    const sending = request = new XMLHttpRequest();
    sending.open("POST", "/v1/analyses");
    sending.upload.addEventListener("progress", (step) => {
      if (!step.lengthComputable) return;
      const sent = step.loaded >= step.total;
      if (sent) at("bar").removeAttribute("value"); else at("bar").value = 100 * step.loaded / step.total;
      at("sent").textContent = sent ? say("checking") : say("uploading", { done: size(step.loaded), total: size(step.total) });
    });
    sending.addEventListener("error", () => fail(new Error(say("broken_off"))));
    sending.addEventListener("abort", () => fail(new Error(say("upload_stopped"))));
    sending.addEventListener("load", () => {
      let told = /** @type {any} */ ({});
      try { told = JSON.parse(sending.responseText); } catch { told = {}; }
      if (sending.status < 400 && told.id) { done(told.id); return; }
      if (sending.status === 401) { location.assign("/login?next=/"); return; }
      fail(new Error(told.code && has(told.code) ? say(told.code, { size: form.dataset.maxShown }) : told.detail || say("no_answer")));
    });
    sending.send(content);
  });
}

at("fetch")?.addEventListener("click", async (/** @type {Event} */ event) => {
  event.preventDefault();
  const url = at("url").value.trim();
  if (!url) { at("url").focus(); return; }
  complain("");
  busy(true);
  at("stop").hidden = true;
  at("bar").removeAttribute("value");
  at("sent").textContent = say("fetching");
  try {
    const made = await ask("/v1/analyses", "POST", { url, instruction: at("instruction").value });
    location.assign(`/analyses/${made.id}`);
  } catch (error) {
    busy(false);
    complain(error);
  }
});
// Enter in the field of the link means its own button.
at("url")?.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  at("fetch").click();
});

at("stop").addEventListener("click", () => { stopped = true; request?.abort(); });
// Coming back by the browser's history shows the form as it was left, not as it was while sending.
addEventListener("pageshow", () => { busy(false); if (file.files[0]) chosen(); });
