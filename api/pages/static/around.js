// @ts-check
/** Around an analysis: cancel, look closer, share, judge, delete. */
import { ask, at, copying, say, tell, working } from "./lib.js";

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
