// @ts-check
/** For how long things are kept; API keys and webhooks: make one, see its secret once, take it back. */
import { ask, at, copying, say, tell, working } from "./lib.js";

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

at("retention").addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.currentTarget), days = at("retention-days").value;
  working(form.querySelector("button"), async () => {
    const kept = (await ask("/v1/retention", "PUT", { days: days ? Number(days) : null })).effective_days;
    at("retention-now").textContent = kept ? say("retention_now", { days: kept }) : say("retention_always");
    tell(say("saved"));
  });
});

at("new-webhook")?.addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.currentTarget), given = new FormData(form);
  working(form.querySelector("button"), async () => {
    const made = await ask("/v1/webhooks", "POST", { url: given.get("url"), description: given.get("description") });
    at("secret-value").textContent = made.secret;
    at("fresh-secret").hidden = false;
    at("fresh-secret").focus();
    form.reset();
  });
});

for (const button of document.querySelectorAll("[data-test-webhook]")) {
  button.addEventListener("click", () => working(/** @type {HTMLElement} */ (button), async () => {
    await ask(`/v1/webhooks/${/** @type {HTMLElement} */ (button).dataset.testWebhook}/test`, "POST");
    tell(say("test_sent"));
  }));
}

for (const button of document.querySelectorAll("[data-remove-webhook]")) {
  button.addEventListener("click", () => working(/** @type {HTMLElement} */ (button), async () => {
    await ask(`/v1/webhooks/${/** @type {HTMLElement} */ (button).dataset.removeWebhook}`, "DELETE");
    button.closest("li")?.remove();
  }));
}
