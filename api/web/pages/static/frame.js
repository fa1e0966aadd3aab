// @ts-check
/** The frame of every page. */
import { ask } from "./lib.js";

const root = document.documentElement;
root.classList.add("js");

for (const select of document.querySelectorAll("[data-submit-on-change]")) {
  select.addEventListener("change", () => /** @type {HTMLSelectElement} */ (select).form?.requestSubmit());
}

for (const button of document.querySelectorAll("[data-log-out]")) {
  button.addEventListener("click", async () => {
    await ask("/v1/session", "DELETE").catch(() => null);
    location.assign("/login");
  });
}

localise(document);

/** Moments in the reader's own time zone. @param {ParentNode} part */
export function localise(part) {
  const shown = new Intl.DateTimeFormat(root.lang, { dateStyle: "medium", timeStyle: "short" });
  for (const time of part.querySelectorAll("time[datetime]")) {
    const moment = new Date(/** @type {HTMLTimeElement} */ (time).dateTime);
    if (!Number.isNaN(moment.valueOf())) time.textContent = shown.format(moment);
  }
}
