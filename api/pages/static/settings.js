// @ts-check
/** API keys: make one, see it once, revoke. */
import { ask, at, copying, working } from "./lib.js";

copying(document);

at("new-key")?.addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.currentTarget), given = new FormData(form);
  working(form.querySelector("button"), async () => {
    const days = String(given.get("days") || "");
    const made = await ask("/v1/keys", "POST", { name: given.get("name"), expires_in_days: days ? Number(days) : null });
    at("key-value").textContent = made.key;
    at("fresh-key").hidden = false;
    at("fresh-key").focus();
    form.reset();
  });
});

for (const button of document.querySelectorAll("[data-revoke]")) {
  button.addEventListener("click", () => working(/** @type {HTMLElement} */ (button), async () => {
    await ask(`/v1/keys/${/** @type {HTMLElement} */ (button).dataset.revoke}`, "DELETE");
    button.closest("li")?.remove();
  }));
}
