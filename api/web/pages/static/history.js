// @ts-check
/** The list of analyses: notes and tags, and deleting several at once. */
import { annotating } from "./around.js";
import { at, complain, say } from "./lib.js";

annotating(document);

/** @param {HTMLFormElement} form */
const picked = (form) => new FormData(form).getAll("id").map((each) => ["id", String(each)]);

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-picked]"));
const sure = at("sure-many");
form?.addEventListener("submit", (event) => {
  const button = /** @type {SubmitEvent} */ (event).submitter;
  const count = picked(form).length;
  if (!button?.hasAttribute("data-delete-many") || !sure) return;
  event.preventDefault();
  if (!count) return;
  at("sure-many-title").textContent = say("sure_many", { count });
  sure.showModal();
  sure.addEventListener("close", async () => {
    if (sure.returnValue !== "yes") return;
    const answer = await fetch(button.formAction, { method: "POST", body: new URLSearchParams([...picked(form), ["sure", "yes"]]) });
    if (answer.ok) location.assign("/history");
    else complain(new Error((await answer.json()).detail));
  }, { once: true });
});
