// @ts-check
import { ask, at, working } from "./lib.js";

at("login").addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  working(form.querySelector("button"), async () => {
    await ask("/v1/session", "POST", { credential: at("credential").value });
    location.assign(form.dataset.onward || "/");
  });
});
