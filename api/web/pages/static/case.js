// @ts-check
/** The page of one analysis: first followed, then looked at. */
import { around } from "./around.js";
import { asking } from "./ask.js";
import { localise } from "./frame.js";
import { at } from "./lib.js";
import { follow } from "./live.js";
import { magnifying } from "./magnifier.js";
import { playing } from "./player.js";
import { tabbing } from "./tabs.js";
import { explaining } from "./terms.js";

function begin() {
  const main = /** @type {HTMLElement} */ (document.querySelector("main"));
  localise(main);
  around(main);
  playing(main);
  asking(main);
  magnifying(main);
  tabbing(main);
  explaining(main);
  return main;
}

const main = begin();
if (["queued", "running"].includes(main.dataset.status || "")) {
  follow(main.dataset.source || "", () => { begin(); at("verdict-title")?.focus({ preventScroll: true }); });
}
