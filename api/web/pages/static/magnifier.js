// @ts-check
/** One face large: the plain picture and the same with its heatmap, side by side, zoomed together. */
import { at } from "./lib.js";

const SVG = "http://www.w3.org/2000/svg";
/** How much around a face is shown at first. */
const ROOM = 1.35;

/** @param {HTMLElement} main */
export function magnifying(main) {
  const dialog = /** @type {HTMLDialogElement | null} */ (at("magnifier"));
  if (!dialog) return;
  const lens = /** @type {HTMLInputElement} */ (dialog.querySelector("[data-lens]"));
  const pictures = /** @type {SVGSVGElement[]} */ ([dialog.querySelector("[data-plain]"), dialog.querySelector("[data-heated]")]);
  let middle = [0, 0], side = 1;

  function zoom() {
    const shown = side / Number(lens.value);
    for (const each of pictures) each.setAttribute("viewBox", `${middle[0] - shown / 2} ${middle[1] - shown / 2} ${shown} ${shown}`);
  }
  lens.addEventListener("input", zoom);
  dialog.addEventListener("wheel", (event) => {
    event.preventDefault();
    lens.value = String(Number(lens.value) - Math.sign(event.deltaY) * 0.25);
    zoom();
  }, { passive: false });

  main.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest("[data-magnify]"));
    if (!button) return;
    const { magnify = "", layer = "", area = "", frame = "", title = "" } = button.dataset;
    const [x, y, width, height] = area.split(" ").map(Number), [frameWidth, frameHeight] = frame.split(" ").map(Number);
    middle = [x + width / 2, y + height / 2];
    side = ROOM * Math.max(width, height);
    pictures.forEach((each, number) => {
      each.replaceChildren(image(magnify, 0, 0, frameWidth, frameHeight));
      if (number) each.append(image(layer, x, y, width, height));
    });
    lens.value = "1";
    zoom();
    at("magnifier-title").textContent = title;
    dialog.showModal();
  });
}

/** @param {string} href @param {number} x @param {number} y @param {number} width @param {number} height */
function image(href, x, y, width, height) {
  const made = document.createElementNS(SVG, "image");
  for (const [key, value] of Object.entries({ href, x, y, width, height, preserveAspectRatio: "none" })) made.setAttribute(key, String(value));
  return made;
}
