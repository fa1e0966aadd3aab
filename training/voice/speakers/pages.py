"""The evaluation page and the card of the directions that tell voices apart, from the figures of a run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from detectors.model_files import file_digest
from detectors.voice.speakers import FILE, LEAST_WINDOWS, MOST_VOICES, WEIGHTS

DOCS: Final = Path(__file__).resolve().parents[3] / "docs" / "evaluation"
COMMAND: Final = (
    "python -m training.voice.speakers.evaluation --data DATA --pool DIR --cache DIR --network NAME --encoder NAME"
)
_ROWS: Final = {
    "one": "one voice",
    "one, changed": "one voice, its second half through other chains of codecs, rooms and noise",
    "two": "two voices of a page",
    "three": "three voices of a page",
    "one, acted moods": "one actor in seven moods (EmoDB)",
}

_RECORDED: Final = """
## Recordings

The same clips with pauses between them, found as speech and cut into overlapping windows as the service does.

| recording | how many, median length (5 to 95 %) | several voices found | exactly as many | purity |
| --- | --- | --- | --- | --- |
{rows}
"""
_UNRECORDED: Final = """
Recordings of sound, with pauses and overlapping windows, were not measured in this run (`--recordings`).
"""


def write_pages(figures: Mapping[str, Any]) -> None:
    (DOCS / "speakers.md").write_text(_page(figures))
    (WEIGHTS / "card.md").write_text(_card(figures))


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _page(figures: Mapping[str, Any]) -> str:
    pairs = figures["pairs"]
    windows = "\n".join(
        f"| {_ROWS[name]} | {own['pages']} | {_share(own['several'])} | {_share(own['exactly'])} "
        f"| {_share(own['purity'])} |"
        for name, own in figures["windows"].items()
    )
    recordings = "\n".join(
        f"| {_ROWS[name]} | {own['recordings']} of {own['pages']} pages, {own['seconds'][1]:.0f} s "
        f"({own['seconds'][0]:.0f}–{own['seconds'][2]:.0f}) | {_share(own['several'])} | {_share(own['exactly'])} "
        f"| {_share(own['purity'])} |"
        for name, own in figures.get("recordings", {}).items()
    )
    told = _RECORDED.format(rows=recordings) if recordings else _UNRECORDED
    verdicts = "\n".join(
        f"| {name} | {_share(own['several'])} | {_share(own['fake_before'])} | {_share(own['fake'])} "
        f"| {_share(own['real_before'])} | {_share(own['real'])} |"
        for name, own in figures["verdicts"].items()
    )
    return f"""# Several voices of one sound

    {COMMAND}

Written by that command. Windows of three seconds are grouped by how they sound, into at most {MOST_VOICES} voices of at
least {LEAST_WINDOWS} windows each. Two are told apart from natural log odds of {figures["least_log_odds"]:g} on. All
figures are of directions that were fitted without the page, and without its speakers on other pages. There are
{figures["clips"]:,} honest clips; file names tell {figures["speakers"]} speakers with four clips and more.

Single windows tell little: between two clips of one speaker and of two speakers of a page the AUC is
{pairs["auc"]:.2f} and the EER {100 * pairs["eer"]:.0f} % ({pairs["pairs"]:,} pairs). Many windows tell more.

## Rows of windows

The first three seconds of 4 to 14 honest clips of each speaker, one to four of them in a row, 400 draws a line.
*Purity* is the share of windows whose voice is mostly of their speaker, where several voices were found.

| windows of | pages | several voices found | exactly as many | purity |
| --- | --- | --- | --- | --- |
{windows}

**One person is split** where they act very different moods. Alike voices count as one: what is not found here is
judged as one sound, as before.
{told}
## Verdicts

Left-out clips of three seconds one after the other, 4 to 12 of each voice, read by the logits of heads that heard
nothing of their page. *Before* is the sound as one voice; *now* has each voice looked at too, with a limit raised by
their number. A synthetic system often speaks in several voices, so that it is found as one less often than a clone
would be.

| sound | several voices found | fake before | fake now | real before | real now |
| --- | --- | --- | --- | --- | --- |
{verdicts}
"""


def _card(figures: Mapping[str, Any]) -> str:
    one, two = figures["windows"]["one"], figures["windows"]["two"]
    return f"""# Model card: what tells voices apart

A matrix of 372 statistics by 40 directions: means, deviations, correlations, skews and steps of 24 cepstra over the
louder frames of a window of three seconds: `{FILE}`
(sha256 `{file_digest(WEIGHTS / FILE)}`).
Windows that lie close together in these directions count as one voice.

**Use.** To judge each voice of a conversation for itself. It recognises nobody: nothing is compared with anything
outside the recording, no window's place is kept, and a single window is a poor witness of who speaks.

**Data and terms.** {figures["clips"]:,} honest clips of the voice models' training data (`weights/audio/card.md` has
sources and terms). Speakers are those that file names tell (`training/voice/speakers/speakers.json`); a clip of
nobody known is told from the others of its page. No clip is in the repository.

**Recipe.** Linear discriminant analysis: between speakers of one page, against clips of one speaker and what drawn
distortions change. `python -m training.voice.speakers.material` and `.fitting` make it.

**Figures** on pages and speakers that it never heard (`docs/evaluation/speakers.md` has the rest):
{_share(one["several"])} of rows of one voice's windows are split, {_share(two["several"])} of those of two are told
apart, with {_share(two["purity"])} of windows in a voice that is mostly their speaker's.

**Limits.** One person in very different moods, or recorded in two ways, can count as two; alike voices count as one.
A voice of less than {LEAST_WINDOWS} windows is not told apart. Crosstalk, singing and children's voices were not
measured.
"""
