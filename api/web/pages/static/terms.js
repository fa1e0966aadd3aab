// @ts-check
/** What a technical term means: on hover, on focus, and on a tap. */

const note = document.createElement("p");
note.className = "term-note";
note.id = "term-note";
note.setAttribute("role", "tooltip");
note.hidden = true;
/** @type {HTMLElement | null} */
let shown = null;

/** @param {ParentNode} main */
export function explaining(main) {
  if (!note.isConnected) document.body.append(note);
  for (const term of main.querySelectorAll(".term[title]")) {
    const button = /** @type {HTMLElement} */ (term);
    button.dataset.means = button.title;
    button.removeAttribute("title");
    button.addEventListener("mouseenter", () => open(button));
    button.addEventListener("mouseleave", close);
    button.addEventListener("focus", () => open(button));
    button.addEventListener("blur", close);
    button.addEventListener("click", (event) => { event.preventDefault(); open(button); });
  }
}
document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });

/** @param {HTMLElement} button */
function open(button) {
  close();
  shown = button;
  button.setAttribute("aria-expanded", "true");
  button.setAttribute("aria-describedby", note.id);
  note.textContent = button.dataset.means || "";
  note.hidden = false;
  const place = button.getBoundingClientRect(), width = note.offsetWidth;
  const left = Math.max(8, Math.min(place.left, document.documentElement.clientWidth - width - 8));
  note.style.transform = `translate(${left + scrollX}px, ${place.bottom + scrollY + 6}px)`;
}

function close() {
  shown?.setAttribute("aria-expanded", "false");
  shown?.removeAttribute("aria-describedby");
  shown = null;
  note.hidden = true;
}
