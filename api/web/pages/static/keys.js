// @ts-check
/** Keys of the player: `,` and `.` step by one frame, J K L play backwards, pause, play and play faster. */

const FASTEST = 4;
/** How often playing backwards takes a step, in milliseconds. */
const STEP_MS = 80;

/**
 * The moment of the frame `steps` away, in the middle of its time, so that the browser shows that very frame.
 * @param {number} now @param {number} rate frames a second @param {number} steps @param {number} duration
 */
export function frameAway(now, rate, steps, duration) {
  const last = Math.max(0, Math.ceil(duration * rate - 1e-6) - 1);
  const frame = Math.max(0, Math.min(last, Math.floor(now * rate + 1e-3) + steps));
  return Math.min((frame + 0.5) / rate, Math.max(0, duration - 1e-3));
}

/** @param {HTMLMediaElement} player @param {number} rate @param {number} duration @param {(time_s: number) => void} seek */
export function keying(player, rate, duration, seek) {
  let back = 0;
  function stopBack() { clearInterval(back); back = 0; }
  player.addEventListener("play", stopBack);

  document.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!player.isConnected || event.ctrlKey || event.metaKey || event.altKey || target.closest("input:not([type=range]), textarea, select, dialog")) return;
    const key = event.key.toLowerCase();
    if (key === "," || key === ".") {
      player.pause();
      stopBack();
      seek(frameAway(player.currentTime, rate, key === "," ? -1 : 1, duration));
    } else if (key === "k") {
      player.pause();
      stopBack();
    } else if (key === "l") {
      stopBack();
      player.playbackRate = player.paused ? 1 : Math.min(FASTEST, player.playbackRate * 2);
      player.play();
    } else if (key === "j") {
      player.pause();
      if (!back) back = window.setInterval(() => {
        if (player.currentTime <= 0) stopBack(); else seek(Math.max(0, player.currentTime - STEP_MS / 1000));
      }, STEP_MS);
    } else return;
    event.preventDefault();
  });
}
