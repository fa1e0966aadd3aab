// @ts-check
/** The list of analyses: notes and tags, and deleting several at once. */
import { annotating } from "./around.js";
import { at, say } from "./lib.js";

annotating(document);

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-picked]"));
const sure = at("sure-many");
form?.addEventListener("submit", (event) => {
  const button = /** @type {SubmitEvent} */ (event).submitter;
  const picked = form.querySelectorAll("input[name=id]:checked").length;
  if (!button?.hasAttribute("data-delete-many") || !sure || form.dataset.sure) return;
  event.preventDefault();
  if (!picked) return;
  at("sure-many-title").textContent = say("sure_many", { count: picked });
  sure.showModal();
  sure.addEventListener("close", () => {
    if (sure.returnValue !== "yes") return;
    form.dataset.sure = "yes";
    form.requestSubmit(/** @type {HTMLElement} */ (button));
  }, { once: true });
});
