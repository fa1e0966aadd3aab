// @ts-check
/** The recording, its timeline, and what is laid over the picture, kept in step. Draws only what the API tells. */
import { keying } from "./keys.js";
import { at, ask, clock, percent, say } from "./lib.js";
import { show as reveal } from "./tabs.js";

/** A sampled frame stands for the picture this long around it, in seconds, unless its neighbours are nearer. */
const REACH_S = 0.75;
/** A map is shown while the recording is this near to its moment. */
const MAP_REACH_S = 0.6;
const SVG = "http://www.w3.org/2000/svg";

/**
 * The item whose moment is nearest, and how far it is. `items` ascend in time.
 * @template T @param {T[]} items @param {number} now @param {(item: T) => number} when
 * @returns {{item: T, away: number} | null}
 */
export function nearest(items, now, when) {
  if (!items.length) return null;
  let low = 0, high = items.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (when(items[middle]) < now) low = middle + 1; else high = middle;
  }
  const before = items[Math.max(0, low - 1)], after = items[low];
  const item = Math.abs(when(before) - now) <= Math.abs(when(after) - now) ? before : after;
  return { item, away: Math.abs(when(item) - now) };
}

/**
 * The window that speaks for a moment: of those around it, the one whose middle is nearest.
 * @template {{start_s: number, end_s: number}} T @param {T[]} windows @param {number} now @returns {T | null}
 */
export function windowAt(windows, now) {
  const found = nearest(windows, now, (each) => (each.start_s + each.end_s) / 2);
  return found && found.item.start_s <= now && now <= found.item.end_s ? found.item : null;
}

/** @param {HTMLElement} main */
export function playing(main) {
  const player = at("player");
  if (!player) return;
  const facts = JSON.parse(at("timeline-facts").textContent);
  const layers = JSON.parse(at("layer-addresses").textContent);
  const screen = new Screen(main, player, facts, layers);
  const moving = player instanceof HTMLMediaElement;
  const lines = moving ? [...main.querySelectorAll("[data-timeline]")].map((each) => new Line(/** @type {HTMLElement} */ (each), seek)) : [];

  /** @param {number} time_s */
  function seek(time_s) {
    if (!moving) return;
    player.currentTime = Math.max(0, Math.min(time_s, facts.duration_s - 0.001));
    show(player.currentTime);
  }
  /** @param {number} now */
  function show(now) {
    for (const line of lines) line.show(now);
    screen.show(now);
  }

  main.addEventListener("click", (event) => {
    const wanted = /** @type {HTMLElement} */ (event.target).closest("[data-seek]");
    if (!wanted) return;
    const { seek: moment, map } = /** @type {HTMLElement} */ (wanted).dataset;
    if (map) screen.prefer(map);
    if (moving) {
      seek(Number(moment));
      at("stage").scrollIntoView({ block: "nearest" });
    }
    const row = wanted.classList.contains("cite") ? at(/** @type {HTMLAnchorElement} */ (wanted).hash.slice(1)) : null;
    if (moving && row) event.preventDefault();
    else if (row) reveal(row);
  });

  if (!moving) { screen.show(null); return; }
  if (player instanceof HTMLVideoElement) keying(player, Number(main.dataset.frameRate) || 25, facts.duration_s, seek);
  hovering(main, facts);
  // Every frame while it plays; between frames nothing moves, so nothing is drawn.
  let drawing = 0;
  const frame = () => { show(player.currentTime); drawing = player.paused ? 0 : requestAnimationFrame(frame); };
  player.addEventListener("play", () => { if (!drawing) drawing = requestAnimationFrame(frame); });
  for (const kind of ["seeked", "timeupdate", "loadedmetadata"]) player.addEventListener(kind, () => { if (!drawing) show(player.currentTime); });
  player.addEventListener("error", () => renew(main, player));
  if (player.error) renew(main, player);
  show(0);
}

/**
 * The value under the pointer, in words: of the lane it is over, at the nearest measurement.
 * @param {HTMLElement} main @param {any} facts
 */
function hovering(main, facts) {
  const told = /** @type {HTMLElement | null} */ (main.querySelector("[data-hover]"));
  if (!told) return;
  for (const lane of main.querySelectorAll("[data-timeline] [data-lane]")) {
    const plot = /** @type {Element} */ (lane.querySelector(".plot"));
    const name = /** @type {HTMLElement} */ (lane).dataset.lane || "";
    const track = facts.faces?.tracks.find((/** @type {any} */ each) => String(each.id) === name);
    plot.addEventListener("pointermove", (event) => {
      const box = plot.getBoundingClientRect();
      const now = facts.duration_s * Math.max(0, Math.min(1, (/** @type {PointerEvent} */ (event).clientX - box.left) / box.width));
      const found = track ? nearest(track.points, now, (/** @type {any} */ each) => each.time_s)?.item : windowAt(facts.voice?.windows || [], now);
      const moment = track && found ? found.time_s : now;
      told.textContent = found ? `${moment.toFixed(1)} s · ${track ? say("face", { number: name }) : say("voice")} ${percent(found.score_pct)}` : "";
    });
    plot.addEventListener("pointerleave", () => { told.textContent = ""; });
  }
}

/**
 * A link to the recording ends after a while; a fresh one is asked for, once. What still does not play, says so.
 * @param {HTMLElement} main @param {HTMLMediaElement} player
 */
async function renew(main, player) {
  const note = /** @type {HTMLElement | null} */ (main.querySelector("[data-unplayable]"));
  const stale = player.error?.code === MediaError.MEDIA_ERR_NETWORK || player.currentTime > 0;
  if (stale && !player.dataset.renewed) {
    player.dataset.renewed = "yes";
    const moment = player.currentTime;
    try {
      player.src = (await ask(`${main.dataset.source}/media`)).url;
      player.currentTime = moment;
      return;
    } catch { /* told below */ }
  }
  if (note) note.hidden = false;
}

/** One timeline: click or drag to seek, the playhead, zoom. */
class Line {
  /** @param {HTMLElement} root @param {(time_s: number) => void} seek */
  constructor(root, seek) {
    this.root = root;
    this.duration = Number(root.dataset.duration);
    this.lanes = /** @type {HTMLElement} */ (root.querySelector(".lanes"));
    this.head = /** @type {HTMLElement} */ (root.querySelector("[data-playhead]"));
    this.scrub = /** @type {HTMLInputElement} */ (root.querySelector("[data-scrub]"));
    this.now = /** @type {HTMLElement} */ (root.querySelector("[data-now]"));
    this.plot = /** @type {Element} */ (root.querySelector(".axis .plot"));
    this.head.hidden = false;
    this.last = 0;
    this.measure();
    new ResizeObserver(() => { this.measure(); this.show(this.last); }).observe(this.lanes);
    this.scrub.addEventListener("input", () => seek(Number(this.scrub.value)));
    this.lanes.addEventListener("pointerdown", (event) => {
      if (event.button || !(event.target instanceof Element) || !event.target.closest(".plot")) return;
      const move = (/** @type {PointerEvent} */ at) => seek(this.timeAt(at.clientX));
      move(event);
      const stop = () => { removeEventListener("pointermove", move); removeEventListener("pointerup", stop); removeEventListener("pointercancel", stop); };
      addEventListener("pointermove", move);
      addEventListener("pointerup", stop);
      addEventListener("pointercancel", stop);
    });
    for (const button of root.parentElement?.querySelectorAll("[data-zoom]") || []) {
      button.addEventListener("click", () => this.zoom(/** @type {HTMLElement} */ (button)));
    }
  }

  measure() {
    this.width = this.plot.getBoundingClientRect().width;
    this.inset = this.plot.getBoundingClientRect().left - this.lanes.getBoundingClientRect().left;
  }

  /** @param {number} clientX */
  timeAt(clientX) {
    const box = this.plot.getBoundingClientRect();
    return this.duration * Math.max(0, Math.min(1, (clientX - box.left) / box.width));
  }

  /** @param {HTMLElement} button */
  zoom(button) {
    for (const each of button.parentElement?.children || []) each.setAttribute("aria-pressed", String(each === button));
    this.lanes.classList.remove("zoom-4", "zoom-16");
    if (button.dataset.zoom !== "1") this.lanes.classList.add(`zoom-${button.dataset.zoom}`);
    this.measure();
    this.root.scrollLeft = this.x(this.last) - this.root.clientWidth / 2;
    this.show(this.last);
  }

  /** @param {number} now */
  x(now) {
    return (this.width || 0) * Math.min(1, now / this.duration);
  }

  /** @param {number} now */
  show(now) {
    this.last = now;
    const x = this.x(now);
    this.head.style.transform = `translateX(${x}px)`;
    this.scrub.value = String(now);
    const shown = clock(now);
    if (this.now.textContent !== shown) { this.now.textContent = shown; this.scrub.setAttribute("aria-valuetext", shown); }
    const view = this.root, place = x + (this.inset || 0);
    if (view.scrollWidth > view.clientWidth && (place < view.scrollLeft + (this.inset || 0) || place > view.scrollLeft + view.clientWidth)) {
      view.scrollLeft = place - view.clientWidth / 3;
    }
  }
}

/** What lies over the picture, and the scores of the moment in words. */
class Screen {
  /** @param {HTMLElement} main @param {any} player @param {any} facts @param {Record<string, string>} layers */
  constructor(main, player, facts, layers) {
    this.tracks = facts.faces?.tracks || [];
    /** @type {{start_s: number, end_s: number, score_pct: number}[]} */
    this.windows = facts.voice?.windows || [];
    this.maps = facts.maps.filter((/** @type {any} */ each) => each.layer && layers[each.layer.artefact_id]);
    this.layers = layers;
    this.frame = facts.frame;
    this.overlay = main.querySelector("[data-overlay]");
    this.reading = main.querySelector("[data-reading]");
    this.note = main.querySelector("[data-heat-note]");
    this.boxes = /** @type {HTMLInputElement | null} */ (main.querySelector("[data-boxes]"));
    this.heat = /** @type {HTMLInputElement | null} */ (main.querySelector("[data-heat]"));
    this.fade = /** @type {HTMLInputElement | null} */ (main.querySelector("[data-fade]"));
    this.preferred = "";
    this.told = "";
    this.drawn = "";
    /** @type {number | null} */
    this.now = 0;
    if (this.overlay && this.frame) this.overlay.setAttribute("viewBox", `0 0 ${this.frame.width_px} ${this.frame.height_px}`);
    for (const control of [this.boxes, this.heat, this.fade]) control?.addEventListener("input", () => { this.drawn = ""; this.show(this.now); });
    if (this.heat && !this.maps.length) this.heat.closest("label")?.setAttribute("hidden", "");
    if (this.fade && !this.maps.length) this.fade.closest("label")?.setAttribute("hidden", "");
  }

  /** Show this map when its moment is reached, where several lie close together. @param {string} id */
  prefer(id) {
    this.preferred = id;
    this.drawn = "";
    if (this.now === null) this.show(null);
  }

  /** @param {number | null} now null for a picture, which has one moment */
  show(now) {
    this.now = now;
    const faces = this.tracks.flatMap((/** @type {any} */ track) => {
      const found = nearest(track.points, now ?? 0, (/** @type {any} */ point) => point.time_s);
      return found && (now === null || found.away <= REACH_S) ? [{ track, point: found.item }] : [];
    });
    const map = this.mapAt(now);
    this.draw(faces, map);
    this.tell(faces, now);
  }

  /** @param {number | null} now */
  mapAt(now) {
    if (!this.heat?.checked) return null;
    // A map that failed its check lies over the picture only for who asked for that very map.
    const near = this.near(now).filter((/** @type {any} */ each) => each.reliable || each.id === this.preferred);
    const rank = (/** @type {any} */ each) => (each.id === this.preferred ? -10 : 0) + (each.reliable ? -1 : 0) + Math.abs(each.start_s - (now ?? 0));
    return near.sort((/** @type {any} */ a, /** @type {any} */ b) => rank(a) - rank(b))[0] || null;
  }

  /** @param {number | null} now @returns {any[]} */
  near(now) {
    return this.maps.filter((/** @type {any} */ each) => now === null || Math.abs(each.start_s - now) <= MAP_REACH_S);
  }

  /** @param {{track: any, point: any}[]} faces @param {any} map */
  draw(faces, map) {
    if (!this.overlay || !this.frame) return;
    const key = `${map?.id}|${this.near(this.now).length}|${this.fade?.value}|${this.boxes?.checked ? faces.map((each) => `${each.track.id}:${each.point.frame_index}`).join() : ""}`;
    if (key === this.drawn) return;
    this.drawn = key;
    const parts = [];
    if (map) {
      const { area, artefact_id } = map.layer;
      const image = svg("image", { x: area.x_px, y: area.y_px, width: area.width_px, height: area.height_px, href: this.layers[artefact_id], opacity: Number(this.fade?.value ?? 80) / 100, preserveAspectRatio: "none" });
      parts.push(image);
    }
    if (this.boxes?.checked) {
      const size = Math.max(this.frame.width_px, this.frame.height_px) / 46;
      for (const { track, point } of faces) {
        const { x_px: x, y_px: y, width_px: width, height_px: height } = point.box;
        // Warm only where the face itself is manipulated: a high frame of another face is no finding.
        const hot = track.outcome === "fake" && point.p_fake >= (track.thresholds?.fake ?? 1);
        parts.push(svg("rect", { class: "under", x, y, width, height }), svg("rect", { class: hot ? "box hot" : "box", x, y, width, height }));
        const label = svg("text", { x, y: Math.max(size, y - size * 0.4), "font-size": size });
        label.style.fontSize = `${size}px`;
        label.textContent = `${say("face", { number: track.id })} ${percent(point.score_pct)}`;
        parts.push(label);
      }
    }
    this.overlay.replaceChildren(...parts);
    if (this.note) this.note.textContent = this.heatNote(map);
  }

  /** @param {any} map */
  heatNote(map) {
    if (!this.heat?.checked || !this.maps.length) return "";
    if (!map && this.near(this.now).length) return say("heat_hidden");
    if (!map) return say("heat_away", { time: clock(nearest(this.maps, this.now ?? 0, (/** @type {any} */ each) => each.start_s)?.item.start_s ?? 0) });
    const here = say("heat_here", { face: map.track_id, time: clock(map.start_s) });
    return map.reliable ? here : `${here}. ${say("heat_weak")}`;
  }

  /** @param {{track: any, point: any}[]} faces @param {number | null} now */
  tell(faces, now) {
    if (!this.reading) return;
    const rows = faces.slice(0, 4).map(({ track, point }) => [say("face", { number: track.id }), percent(point.score_pct)]);
    if (now !== null && this.windows.length) {
      const heard = windowAt(this.windows, now);
      rows.push([say("voice"), heard ? percent(heard.score_pct) : "–"]);
    }
    if (!faces.length && this.tracks.length) rows.unshift([say("face", { number: "" }).trim(), say("not_sampled")]);
    const key = rows.join("|");
    if (key === this.told) return;
    this.told = key;
    this.reading.replaceChildren(...rows.map(([name, value]) => {
      const row = document.createElement("div"), term = document.createElement("dt"), figure = document.createElement("dd");
      term.textContent = name;
      figure.textContent = value;
      row.append(term, figure);
      return row;
    }));
  }
}

/** @param {string} name @param {Record<string, string | number>} attributes */
function svg(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return /** @type {SVGElement} */ (made);
}
