"""The back of a report: methods and error rates, where the file comes from, the plan, and the manifest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reportlab.platypus import Flowable, Spacer

from core.figures import clock_range, decimal_text, seconds_text
from core.sealing import fingerprint
from core.types import ContentCredentials, Modality, Origin, Population, Reliability, Report, Scope
from explainers.rendering.document import ROWS, SMALL, bullets, facts, section, sentence, table, text
from explainers.rendering.wording import Words, limits_of, percent

_TAGS: Final = 10
_ENOUGH: Final = 10
"""Files of each class from which a population's figures say something."""


def limits(words: Words, report: Report) -> list[Flowable]:
    """What was not examined, and what stands between a score and the truth."""
    known = [*report.plan.masked, *(reason for each in report.evidence for reason in each.limits)]
    told = [words.reason(each) for each in known]
    told += [
        words.say("limits.unplanned", part=words.say(f"part.{modality}"))
        for modality in Modality
        if modality not in report.plan.paths and modality not in {each.modality for each in report.evidence}
    ]
    if report.media.truncated:
        told.append(words.say("limits.cut"))
    return section(words.say("limits"), *bullets([*dict.fromkeys(told), words.say("limits.always")]))


# ------------------------------------------------------------------------------------------------ methods


def methods(words: Words, report: Report) -> list[Flowable]:
    """How it was examined, the error rates that the limits were set for, and how the detectors did elsewhere."""
    content: list[Flowable] = [text(words.say("methods.text")), Spacer(1, 4)]
    rated = [each for each in report.decision.parts if each.limits and each.limits.false_alarm_rate is not None]
    if rated:
        rows: list[Sequence[str | Flowable]] = [
            [words.say("column.part"), words.say("column.rate"), words.say("column.missed")]
        ]
        for part in rated:
            assert part.limits is not None
            rates = (part.limits.false_alarm_rate, part.limits.miss_rate)
            rows.append(
                [
                    words.say(f"part.{part.modality}"),
                    *("–" if rate is None else percent(words, rate) for rate in rates),
                ]
            )
        content += [table(rows, (0.2, 0.4, 0.4)), text(words.say("methods.rates"), SMALL), Spacer(1, 4)]
    if report.reliability and report.decision.state == "examined":
        content += [text(words.say("methods.measured"), SMALL), Spacer(1, 3)]
        for each in report.reliability:
            content += _of_one(words, each)
    return section(words.say("methods"), *content)


def _of_one(words: Words, known: Reliability) -> list[Flowable]:
    rows: list[Sequence[str | Flowable]] = [
        [
            words.say(f"part.{known.modality}"),
            words.say("column.honest"),
            words.say("column.manipulated"),
            "AUC",
            "ECE",
        ]
    ]
    rows += [
        [
            each.name if _is_enough(each) else f"{each.name} ({words.say('methods.few')})",
            _count(each.n_real),
            _count(each.n_fake),
            words.figure(decimal_text(each.auc)),
            "–" if each.ece is None else words.figure(decimal_text(each.ece)),
        ]
        for each in known.populations[:ROWS]
    ]
    worst = "; ".join(f"{each.name}: AUC {words.figure(decimal_text(each.auc))}" for each in known.known_misses)
    said = words.say("methods.weakest", names=worst) if worst else ""
    whose = "" if known.is_of_this_model else words.say("methods.other")
    shares = (0.5, 0.12, 0.14, 0.12, 0.12)
    return [table(rows, shares), Spacer(1, 2), text(sentence(said, whose), SMALL), Spacer(1, 6)]


def _is_enough(population: Population) -> bool:
    counts = [count for count in (population.n_real, population.n_fake) if count is not None]
    return all(count >= _ENOUGH for count in counts)


def _count(number: int | None) -> str:
    return "–" if number is None else str(number)


# ------------------------------------------------------------------------------------------------ origin


def origin(words: Words, report: Report) -> list[Flowable]:
    """What the file says of itself: context, never part of the score."""
    told = report.origin
    if told is None:
        return []
    content: list[Flowable] = [text(words.say("origin.note"), SMALL), Spacer(1, 3)]
    if not told.notes:
        content.append(text(words.say("origin.nothing")))
    for note in told.notes:
        said = note.message if words.language == "en" else words.say(f"origin.{note.code}")
        content += bullets([said + (f" ({note.basis})" if note.basis else "")])
    if told.credentials is not None:
        content += [Spacer(1, 4), facts(_credentials(words, told.credentials))]
    if told.tags:
        content += [Spacer(1, 4), facts(_tags(words, told))]
    return section(words.say("origin"), *content)


def _credentials(words: Words, found: ContentCredentials) -> list[tuple[str, str]]:
    state = (
        words.say("credentials.intact")
        if found.intact
        else words.say("credentials.broken", problems=", ".join(found.problems[:4]))
    )
    known = [(words.say("credentials"), state)]
    for name, value in (
        ("made", found.generator),
        ("signed", f"{found.signer} {found.signed_at}".strip()),
        ("actions", ", ".join(found.actions)),
        ("sources", ", ".join(found.source_types)),
        ("ingredients", str(found.ingredients) if found.ingredients else ""),
    ):
        if value:
            known.append((words.say(f"credentials.{name}"), value))
    return known


def _tags(words: Words, told: Origin) -> list[tuple[str, str]]:
    shown = [(tag.name, tag.value) for tag in told.tags[:_TAGS]]
    more = len(told.tags) - _TAGS
    return [*shown, ("", words.say("more_in_json", count=more))] if more > 0 else shown


# ------------------------------------------------------------------------------------------------ plan


def plan(words: Words, report: Report) -> list[Flowable]:
    """What was decided to examine, and by whom."""
    decided = report.plan
    by, span = decided.decided_by, decided.range_s
    who = (
        words.say("plan.rule", name=by.rule)
        if by.kind == "rules"
        else words.say("plan.model", name=f"{by.prompt_id} v{by.prompt_version}", model=by.model)
    )
    stretch = words.say("plan.whole") if span is None else words.figure(clock_range(span.start_s, span.end_s))
    paths = ", ".join(words.say(f"part.{path}") for path in decided.paths)
    known = [
        (words.say("plan.examined"), paths or words.say("plan.nothing")),
        (words.say("plan.stretch"), stretch),
        (words.say("plan.frames"), str(decided.frame_budget)),
        (words.say("plan.by"), who),
    ]
    known.append((words.say("plan.why"), words.authored(decided.why)))
    if decided.inputs.scope is not None:
        known.insert(0, (words.say("plan.scope"), scope_text(words, decided.inputs.scope)))
    if decided.inputs.instruction:
        known.insert(0, (words.say("plan.instruction"), f"“{decided.inputs.instruction}”"))
    return section(words.say("plan"), facts(known))


def scope_text(words: Words, scope: Scope) -> str:
    """What was asked for in fields, as one line."""
    told = [words.say(f"part.{each}") for each in scope.modalities or ()]
    if scope.range_s is not None:
        told.append(words.figure(clock_range(scope.range_s.start_s, scope.range_s.end_s)))
    if scope.effort is not None:
        told.append(words.say("plan.effort", effort=scope.effort))
    if scope.explanations is not None:
        told.append(words.say("plan.explanations", kinds=", ".join(scope.explanations) or words.say("plan.nothing")))
    return "; ".join(told)


# ------------------------------------------------------------------------------------------------ manifest


def manifest(words: Words, report: Report) -> list[Flowable]:
    """What was examined, by what, under which settings, and how to check that this report is unchanged."""
    media, kept = report.media, report.manifest
    shape = f"{media.width_px} × {media.height_px}" if media.width_px and media.height_px else "–"
    length = words.figure(seconds_text(media.duration_s))
    size = words.say("manifest.bytes", count=f"{media.size_bytes:,}")
    unrecorded = words.say("manifest.unrecorded")
    timings = ", ".join(
        f"{_stage(words, each.stage)} {words.figure(seconds_text(each.seconds))}" for each in kept.timings
    )
    limits_told = "; ".join(limits_of(words, each) for each in report.decision.parts if each.limits is not None)
    rate = f", {media.sample_rate_hz} Hz" if media.sample_rate_hz else ""
    known = [
        (words.say("manifest.file"), f"{words.say(f'medium.{media.kind}')}, {media.container}, {size}, {length}"),
        (words.say("manifest.picture"), f"{shape}, {media.video_codec or '–'}"),
        (words.say("manifest.sound"), f"{media.audio_codec or '–'}{rate}"),
        (words.say("case.sha"), kept.media_sha256),
        *(
            (words.say("manifest.model", name=model.name), f"{model.version}, SHA-256 {model.sha256}")
            for model in kept.models
        ),
        (words.say("manifest.limits"), limits_told or words.say("none")),
        (words.say("manifest.settings"), _listed(kept.settings) or unrecorded),
        (words.say("manifest.software"), _listed(kept.software) or unrecorded),
        (words.say("manifest.timings"), timings or unrecorded),
        (words.say("manifest.made"), kept.created_at.strftime("%Y-%m-%d %H:%M:%S %Z").strip()),
        (words.say("manifest.pipeline"), kept.pipeline_version),
        (words.say("manifest.artefacts"), words.say("manifest.each", count=len(report.artefacts))),
        *_seals(words, report),
    ]
    return section(words.say("manifest"), facts(known))


def _stage(words: Words, stage: str) -> str:
    return words.say(f"stage.{stage}") if words.has(f"stage.{stage}") else stage


def _listed(values: dict[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in sorted(values.items()))


def _seals(words: Words, report: Report) -> Sequence[tuple[str, str]]:
    evidence = [
        (words.say("manifest.sha_of", name=name.replace(".", ": ")), value)
        for name, value in report.manifest.digests.items()
        if name.startswith("evidence.") or name == "verdict"
    ]
    name = words.say("manifest.signature")
    if report.seal is None:
        return (*evidence, (name, words.say("manifest.unsigned")))
    key = fingerprint(report.seal.public_key)
    return (*evidence, (name, words.say("manifest.signed", algorithm=report.seal.algorithm, key=key)))
