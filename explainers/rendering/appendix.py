"""The back of a report: what was not examined, where the file comes from, how far to trust it all, and the manifest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reportlab.platypus import Flowable, KeepTogether, Spacer

from core.figures import clock_range, decimal_text, seconds_text
from core.sealing import fingerprint
from core.types import ContentCredentials, Origin, Population, Reliability, Report, Scope
from explainers.rendering.document import ROWS, SMALL, facts, reasons, section, sentence, table, text
from explainers.rendering.wording import MEDIUM, MODALITY, limits_of

_TAGS: Final = 10
_ENOUGH: Final = 10
"""Files of each class from which a population's figures say something."""


def limits(report: Report) -> list[Flowable]:
    """What was not examined, and what stands between a score and the truth."""
    known = [*report.plan.masked, *(reason for each in report.evidence for reason in each.limits)]
    missing = [
        f"{MODALITY[modality]}: not part of the plan."
        for modality in MODALITY
        if modality not in report.plan.paths and modality not in {each.modality for each in report.evidence}
    ]
    if report.media.truncated:
        missing.append("The file ends before its declared end; only what decodes was examined.")
    standing = (
        "Only sampled frames and stretches of speech were examined. Scores are calibrated on data that may differ from "
        "this recording, and manipulations of other kinds (cuts, captions, context) are outside of what was asked."
    )
    return section("Coverage and limits", *reasons(known), *(text(f"•  {each}") for each in missing), text(standing))


# ------------------------------------------------------------------------------------------------ origin


def origin(report: Report) -> list[Flowable]:
    """What the file says of itself: context, never part of the score."""
    told = report.origin
    if told is None:
        return []
    content: list[Flowable] = [
        text(
            "What the file says about itself. It took no part in the score: such entries are easily removed, copied "
            "and forged, and most honest recordings have been through some software.",
            SMALL,
        ),
        Spacer(1, 3),
    ]
    if not told.notes:
        content.append(text("Nothing in the file's metadata bears on the question."))
    content += [text(f"•  {note.message}" + (f" ({note.basis})" if note.basis else "")) for note in told.notes]
    if told.credentials is not None:
        content += [Spacer(1, 4), facts(_credentials(told.credentials))]
    if told.tags:
        content += [Spacer(1, 4), facts(_tags(told))]
    return section("Where the file comes from", *content)


def _credentials(found: ContentCredentials) -> list[tuple[str, str]]:
    known = [("Content credentials", "intact" if found.intact else "broken: " + ", ".join(found.problems[:4]))]
    for name, value in (
        ("Made with", found.generator),
        ("Signed by", f"{found.signer} {found.signed_at}".strip()),
        ("Declared actions", ", ".join(found.actions)),
        ("Declared sources", ", ".join(found.source_types)),
        ("Ingredients", str(found.ingredients) if found.ingredients else ""),
    ):
        if value:
            known.append((name, value))
    return known


def _tags(told: Origin) -> list[tuple[str, str]]:
    shown = [(tag.name, tag.value) for tag in told.tags[:_TAGS]]
    more = len(told.tags) - _TAGS
    return [*shown, ("", f"{more} more are in the JSON report.")] if more > 0 else shown


# ------------------------------------------------------------------------------------------------ plan


def plan(report: Report) -> list[Flowable]:
    """What was decided to examine, and by whom."""
    decided = report.plan
    by = decided.decided_by
    who = f"rule {by.rule}" if by.kind == "rules" else f"prompt {by.prompt_id} v{by.prompt_version}, model {by.model}"
    span = decided.range_s
    stretch = "the whole recording" if span is None else clock_range(span.start_s, span.end_s)
    known = [
        ("Examined", ", ".join(MODALITY[path].lower() for path in decided.paths) or "nothing"),
        ("Stretch", stretch),
        ("Frames to sample", str(decided.frame_budget)),
        ("Why", decided.why),
        ("Decided by", who),
    ]
    if decided.inputs.scope is not None:
        known.insert(0, ("Scope", scope_text(decided.inputs.scope)))
    if decided.inputs.instruction:
        known.insert(0, ("Instruction", f"“{decided.inputs.instruction}”"))
    return [KeepTogether(section("Plan", facts(known)))]


def scope_text(scope: Scope) -> str:
    """What was asked for in fields, as one line."""
    told = [MODALITY[each].lower() for each in scope.modalities or ()]
    if scope.range_s is not None:
        told.append(clock_range(scope.range_s.start_s, scope.range_s.end_s))
    if scope.effort is not None:
        told.append(f"effort: {scope.effort}")
    if scope.explanations is not None:
        told.append(f"explanations: {', '.join(scope.explanations) or 'none'}")
    return "; ".join(told)


# ------------------------------------------------------------------------------------------------ reliability


def reliability(report: Report) -> list[Flowable]:
    """How the detectors did on material they were not trained on, by their own evaluation."""
    if not report.reliability:
        return []
    note = text(
        "Measured on recordings that the models were not trained on. AUC: how often a fake scores above an honest one; "
        "0.50 is chance. ECE: by how much the stated scores are off on average, as a share.",
        SMALL,
    )
    first, *others = [_of_one(each) for each in report.reliability]
    return [
        KeepTogether(section("Reliability of the models", note, Spacer(1, 3), *first)),
        *(KeepTogether(each) for each in others),
    ]


def _of_one(known: Reliability) -> list[Flowable]:
    rows = [[MODALITY[known.modality], "Honest", "Fake", "AUC", "ECE"]]
    rows += [
        [
            each.name if _is_enough(each) else f"{each.name} (few files)",
            _count(each.n_real),
            _count(each.n_fake),
            decimal_text(each.auc),
            "–" if each.ece is None else decimal_text(each.ece),
        ]
        for each in known.populations[:ROWS]
    ]
    worst = "; ".join(f"{each.name}: AUC {decimal_text(each.auc)}" for each in known.known_misses)
    said = f"Weakest on {worst}" if worst else "No misses are on record"
    whose = "" if known.is_of_this_model else "These figures are of other weights than the ones that examined this file"
    shares = (0.5, 0.12, 0.12, 0.13, 0.13)
    return [table(rows, shares), Spacer(1, 2), text(sentence(said, whose), SMALL), Spacer(1, 6)]


def _is_enough(population: Population) -> bool:
    counts = [count for count in (population.n_real, population.n_fake) if count is not None]
    return all(count >= _ENOUGH for count in counts)


def _count(number: int | None) -> str:
    return "–" if number is None else str(number)


# ------------------------------------------------------------------------------------------------ manifest


def manifest(report: Report) -> list[Flowable]:
    """What was examined, by what, under which settings, and how to check that this report is unchanged."""
    media, kept = report.media, report.manifest
    shape = f"{media.width_px} × {media.height_px}" if media.width_px and media.height_px else "none"
    known = [
        (
            "File",
            f"{MEDIUM[media.kind]}, {media.container}, {media.size_bytes:,} bytes, {seconds_text(media.duration_s)}",
        ),
        ("Picture", f"{shape}, {media.video_codec or 'no codec'}"),
        ("Sound", f"{media.audio_codec or 'none'}" + (f", {media.sample_rate_hz} Hz" if media.sample_rate_hz else "")),
        ("SHA-256 of the file", kept.media_sha256),
        *((f"Model {model.name}", f"{model.version}, SHA-256 {model.sha256}") for model in kept.models),
        (
            "Limits",
            "; ".join(limits_of(each) for each in report.decision.parts if each.limits is not None) or "none",
        ),
        ("Settings", _listed(kept.settings)),
        ("Software", _listed(kept.software)),
        (
            "Timings",
            ", ".join(f"{each.stage} {seconds_text(each.seconds)}" for each in kept.timings) or "not recorded",
        ),
        ("Made", kept.created_at.strftime("%Y-%m-%d %H:%M:%S %Z").strip()),
        ("Pipeline", kept.pipeline_version),
        ("Pictures and clips", f"{len(report.artefacts)}; the SHA-256 of each is in the JSON report"),
        *_seals(report),
    ]
    return section("Manifest", facts(known))


def _listed(values: dict[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in sorted(values.items())) or "not recorded"


def _seals(report: Report) -> Sequence[tuple[str, str]]:
    evidence = [
        (f"SHA-256 of {name.replace('.', ': ')}", value)
        for name, value in report.manifest.digests.items()
        if name.startswith("evidence.") or name == "verdict"
    ]
    if report.seal is None:
        return (*evidence, ("Signature", "none: this service has no signing key"))
    signed = (
        f"{report.seal.algorithm}, key {fingerprint(report.seal.public_key)}. The signature is in the JSON report; "
        "“deepwitness verify report.json” checks it and the hashes of the file, the models and the pictures."
    )
    return (*evidence, ("Signature", signed))
