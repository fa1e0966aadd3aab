// @ts-check
/** Around an analysis: cancel, look closer, a second opinion, share, judge, delete. */
import { ask, at, copying, say, tell, working } from "./lib.js";
import { renewed } from "./live.js";

const LOOK_MS = 2000;
const GIVE_UP_MS = 5 * 60_000;

/** @param {HTMLElement} main */
export function around(main) {
  const source = main.dataset.source || "";
  copying(main);

  main.querySelector("[data-cancel]")?.addEventListener("click", (event) => {
    working(/** @type {HTMLElement} */ (event.currentTarget), () => ask(`${source}/cancel`, "POST"));
  });

  const region = /** @type {HTMLFormElement | null} */ (main.querySelector("[data-region]"));
  region?.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = new FormData(region);
    working(region.querySelector("button"), async () => {
      const asked = { start_s: Number(given.get("start")), end_s: Number(given.get("end")), subject: region.dataset.subject };
      location.assign(`/analyses/${(await ask(`${source}/regions`, "POST", asked)).id}`);
    });
  });
  for (const button of main.querySelectorAll("[data-until]")) {
    button.addEventListener("click", () => {
      const { seek, until } = /** @type {HTMLElement} */ (button).dataset;
      if (!region) return;
      at("region-start").value = Number(seek).toFixed(1);
      at("region-end").value = (Math.floor(Number(until) * 10) / 10).toFixed(1);
    });
  }

  opinions(main, source);
  annotating(main);

  main.querySelector("[data-share]")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    working(form.querySelector("button"), async () => {
      const made = await ask(`${source}/shares`, "POST", { expires_in_hours: Number(at("share-hours").value) });
      at("share-url").textContent = made.url;
      at("fresh-link").hidden = false;
      at("fresh-link").focus();
      tell(say("shared"));
    });
  });
  for (const button of main.querySelectorAll("[data-withdraw]")) {
    button.addEventListener("click", () => working(/** @type {HTMLElement} */ (button), async () => {
      await ask(`${source}/shares/${/** @type {HTMLElement} */ (button).dataset.withdraw}`, "DELETE");
      button.closest("li")?.remove();
    }));
  }

  main.querySelector("[data-feedback]")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.currentTarget), given = new FormData(form);
    working(form.querySelector("button"), async () => {
      await ask(`${source}/feedback`, "POST", { judgement: given.get("judgement"), truth: given.get("truth") || null, comment: given.get("comment") });
      form.reset();
      tell(say("thanks"));
    });
  });

  const sure = at("sure");
  main.querySelector("[data-delete]")?.addEventListener("click", () => sure.showModal());
  sure?.addEventListener("close", () => {
    if (sure.returnValue !== "yes") return;
    working(main.querySelector("[data-delete]"), async () => {
      await ask(source, "DELETE");
      location.assign("/history");
    });
  });
}

/** Notes and tags of an analysis. @param {ParentNode} main */
export function annotating(main) {
  for (const form of main.querySelectorAll("form[data-annotate]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const given = new FormData(/** @type {HTMLFormElement} */ (form));
      const tags = String(given.get("tags")).split(",").map((each) => each.trim()).filter(Boolean);
      working(form.querySelector("button"), async () => {
        await ask(`/v1/analyses/${/** @type {HTMLElement} */ (form).dataset.annotate}`, "PATCH", { note: given.get("note"), tags });
        tell(say("saved"));
      });
    });
  }
}

/**
 * Another method's maps appear among the others as soon as they are made.
 * @param {ParentNode} main @param {string} source
 */
function opinions(main, source) {
  const form = /** @type {HTMLFormElement | null} */ (main.querySelector("[data-opinion]"));
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const method = at("method").value;
    working(form.querySelector("button"), async () => {
      at("opinion-waits").textContent = say("opinion_waits");
      try {
        await ask(`${source}/explanations`, "POST", { method });
        await made(source, method);
      } catch (error) {
        at("opinion-waits").textContent = "";
        throw error;
      }
      await renewed("gallery");
      opinions(document, source);
      tell(say("opinion_there"));
      at("gallery").querySelector(`img[data-of="${method}"]`)?.closest("figure")?.scrollIntoView({ block: "center" });
    });
  });
}

/** Waits until there are maps of this method. @param {string} source @param {string} method */
async function made(source, method) {
  const until = Date.now() + GIVE_UP_MS;
  for (;;) {
    const { maps } = await ask(`${source}/timeline`);
    if (maps.some((/** @type {{id: string}} */ each) => each.id.startsWith(`${method}.`))) return;
    if (Date.now() > until) throw new Error(say("opinion_late"));
    await new Promise((done) => { setTimeout(done, LOOK_MS); });
  }
}
