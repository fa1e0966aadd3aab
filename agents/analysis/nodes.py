"""The steps of an analysis. Each reads what is stored, decides one thing, stores it and announces it.

A step that submits work never waits for it: LangGraph runs a step again from its start after an interrupt, and after a
crash. Job ids are deterministic, saving again replaces, and what is announced once is looked up before it is announced.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import structlog
from langchain.tools import BaseTool
from langgraph.types import interrupt

from agents.analysis.assessment import assess
from agents.analysis.dependencies import AnalysisEnded, GraphDependencies, draft, is_voice_left, list_frames, spread
from agents.analysis.planner import decide
from agents.analysis.reserve import widen
from agents.analysis.state import GraphState, SamplingRequest
from agents.language.deadline import within
from agents.report import (
    CaseEvidence,
    Fact,
    TemplateWriter,
    Writer,
    check_draft,
    collect_facts,
    compose_headline,
    count_refusals,
    read_case_evidence,
    translate_facts,
)
from core.errors import Defect
from core.jobs import EXPLAIN_FACES, EXPLAIN_VERDICT, EXPLAIN_VOICE, RECHECK_FACES, RECHECK_VOICE, WRITE_DOCUMENTS
from core.media import frames_for
from core.types import (
    Evidence,
    ExplanationKind,
    Failure,
    JobStatus,
    LlmCall,
    MediaKind,
    Modality,
    Narrative,
    Plan,
    PlanInputs,
    Provenance,
    Reason,
    ReasonCode,
    Report,
    Scored,
    Stability,
    Stage,
    TimeRange,
    keep_looks,
)
from prompts.slots import ENGLISH
from tools.jobs import (
    Wave,
    examine_faces,
    examine_voice,
    explain_faces,
    explain_verdict,
    explain_voice,
    recheck_faces,
    recheck_voice,
    sample_frames,
    write_documents,
)

_log: Final = structlog.get_logger()
_UNANSWERED: Final = Reason(
    code=ReasonCode.LLM_UNAVAILABLE,
    message="The language model gave no usable answer about the instruction, so the rules alone read it.",
)
RECHECKED_FRAMES: Final = 8
"""Few: each is looked at once more for every change."""
_MAPS: Final = frozenset({EXPLAIN_FACES.name, EXPLAIN_VOICE.name, EXPLAIN_VERDICT.name, WRITE_DOCUMENTS.name})
_RECHECKS: Final = frozenset({RECHECK_FACES.name, RECHECK_VOICE.name})
_SCORED: Final = {Modality.VISUAL: "The faces were scored.", Modality.AUDIO: "The voice was scored."}


class Steps:
    """The nodes of the graph, over their dependencies."""

    def __init__(self, deps: GraphDependencies) -> None:
        self._deps = deps

    # ------------------------------------------------------------------------------------ what to examine

    def triage(self, state: GraphState) -> GraphState:
        """Was there anything to prepare? A file that could not be prepared ends here."""
        analysis_id = self._enter(state, Stage.PLAN, "Looking at what the file holds.")
        for job in self._deps.ledger.of_analysis(analysis_id, 0):
            if job.status is JobStatus.FAILED:
                failure = job.failure or Failure(code="prepare_failed", message="The file could not be prepared.")
                self._deps.case.mark_failed(analysis_id, failure)
                raise AnalysisEnded
        return {
            "wave": 0,
            "further_asked": 0,
            "all_frames": False,
            "sampling": None,
            "llm_calls": [],
            "sentences": [],
            "notes": [],
        }

    def plan(self, state: GraphState) -> GraphState:
        """Which paths are examined, how hard, where in time, and why."""
        analysis_id = self._enter(state)
        analysis = self._deps.case.analysis(analysis_id)
        info = self._deps.case.prepared(analysis_id).info
        inputs = PlanInputs(
            instruction=analysis.instruction,
            scope=analysis.scope,
            media_kind=info.kind,
            has_video=info.has_video,
            has_audio=info.has_audio,
            unreadable=info.unreadable,
            duration_s=info.duration_s,
            usual_frames=frames_for(info.duration_s, self._deps.sampling.frame_budget),
            usual_further_frames=self._deps.sampling.dense_frame_budget,
        )
        with within(self._deps.model_s):
            decision = decide(inputs, self._deps.llm)
        plan = decision.plan
        self._deps.case.save_plan(analysis_id, plan)
        self._announce_once(analysis_id, "plan", plan.why, Stage.PLAN, {"plan": plan.model_dump(mode="json")})
        return {
            "llm_calls": [call.model_dump(mode="json") for call in decision.calls],
            "notes": [_UNANSWERED.model_dump(mode="json") for call in decision.calls if call.outcome != "ok"],
            "sampling": self._first_sampling(analysis_id, plan),
        }

    def _first_sampling(self, analysis_id: str, plan: Plan) -> SamplingRequest | None:
        """More frames than were prepared, when a part of the video or a closer look was asked for."""
        prepared = self._deps.case.prepared(analysis_id)
        if Modality.VISUAL not in plan.paths or prepared.info.kind is not MediaKind.VIDEO:
            return None
        missing = plan.frame_budget - len(list_frames(prepared, plan))
        if missing <= 0 or (plan.range_s is None and plan.frame_budget <= plan.inputs.usual_frames):
            return None
        span = plan.range_s or TimeRange(start_s=0.0, end_s=prepared.info.duration_s)
        return {"start_s": span.start_s, "end_s": span.end_s, "budget": missing}

    def dispatch(self, state: GraphState) -> GraphState:
        """Submit what is to be done next: sampling first where frames are missing, the voice beside it."""
        analysis_id = self._enter(state, Stage.DETECT, "Examining faces and voice.")
        plan, wave = self._plan(analysis_id), state["wave"] + 2
        found: GraphState = {"sampling": None}
        if (wanted := state.get("sampling")) is not None:
            self._call(
                sample_frames,
                analysis_id,
                wave,
                range_s={"start_s": wanted["start_s"], "end_s": wanted["end_s"]},
                budget=wanted["budget"],
                is_rest=wanted.get("is_rest", False),
            )
        elif indexes := self._unexamined_frames(state, plan):
            self._call(examine_faces, analysis_id, wave, frame_indexes=indexes)
            found["examined_frames"] = [*state.get("examined_frames", []), *indexes]
            if "first_frames" not in state:
                found["first_frames"] = self._list_planned_frames(analysis_id, plan)
                found["held_frames"] = len(self._deps.case.prepared(analysis_id).frames)
        if is_voice_left(state, plan):
            found["voice_sent"] = True
            self._call(examine_voice, analysis_id, wave, range_s=plan.range_s)
        return {**found, **self._recorded(analysis_id, state["wave"])}

    # ------------------------------------------------------------------------------------ what it amounts to

    def assess(self, state: GraphState) -> GraphState:
        """Read the evidence so far; ask for further frames, within the plan's bounds, if they would help."""
        analysis_id = self._enter(state)
        plan = self._plan(analysis_id)
        if self._unexamined_frames(state, plan):
            return {}
        known = self._deps.case.evidence(analysis_id)
        evidence = [keep_looks(self._deps.interpret(analysis_id, path), known) for path in plan.paths]
        for each in evidence:
            self._deps.case.save_evidence(analysis_id, each)
        prepared = self._deps.case.prepared(analysis_id)
        verdict = self._deps.weigh(evidence)
        examined, first = state.get("examined_frames", []), state.get("first_frames", [])
        unread = 0 if state.get("all_frames") or len(first) >= plan.frame_budget else prepared.frames_left
        is_whole = all(index in examined for index in first)
        looked = plan.frame_budget - unread if is_whole else sum(index in first for index in examined)
        asked = state.get("further_asked", 0)
        assessment = assess(prepared.info, plan, evidence, verdict, looked=looked, added=asked)
        self._deps.events.append(analysis_id, "stage", assessment.why, stage=Stage.ASSESS)
        again = assessment.again
        if again is None:
            return {"sampling": self._widened(analysis_id, plan, evidence)}
        request: SamplingRequest = {"start_s": again.start_s, "end_s": again.end_s, "budget": assessment.budget}
        if not assessment.is_denser:
            rest: SamplingRequest = {**request, "budget": unread, "is_rest": True}
            return {"sampling": rest if unread else None, "all_frames": True}
        return {"sampling": request, "further_asked": asked + assessment.budget}

    def _widened(self, analysis_id: str, plan: Plan, evidence: Sequence[Evidence]) -> SamplingRequest | None:
        """Have the modality in reserve examined too, if what was asked for settles nothing."""
        wider = widen(plan, evidence)
        if wider is None or wider.widened is None:
            return None
        self._deps.case.save_plan(analysis_id, wider)
        self._announce_once(
            analysis_id, "plan", wider.widened.why, Stage.ASSESS, {"plan": wider.model_dump(mode="json")}
        )
        return self._first_sampling(analysis_id, wider) if wider.widened.path is Modality.VISUAL else None

    def needs_more(self, state: GraphState) -> bool:
        """Whether faces are left to examine, or frames to take."""
        plan = self._plan(state["analysis_id"])
        left = state.get("sampling") is not None or is_voice_left(state, plan)
        return left or bool(self._unexamined_frames(state, plan))

    def weigh(self, state: GraphState) -> GraphState:
        """The verdict, by arithmetic; announced at once."""
        analysis_id = self._enter(state, Stage.WEIGH, "Weighing the evidence.")
        evidence = self._deps.case.evidence(analysis_id)
        for each in evidence:
            self._announce_evidence(analysis_id, each)
        verdict = self._deps.weigh(evidence)
        self._deps.case.save_verdict(analysis_id, verdict)
        case_evidence = read_case_evidence(self._deps.case, analysis_id, self._plan(analysis_id), verdict)
        headline = compose_headline(case_evidence, self._language(analysis_id))
        detail: dict[str, object] = {
            "verdict": verdict.model_dump(mode="json"),
            "headline": headline.model_dump(mode="json"),
        }
        self._announce_once(analysis_id, "verdict", headline.xai_summary, Stage.WEIGH, detail)
        return {}

    # ------------------------------------------------------------------------------------ why, and in which words

    def dispatch_explanations(self, state: GraphState) -> GraphState:
        analysis_id = self._enter(state, Stage.EXPLAIN, "Mapping where the evidence lies.")
        wave, plan = state["wave"] + 2, self._plan(analysis_id)
        for each in self._deps.case.evidence(analysis_id):
            if not isinstance(each.finding, Scored):
                continue
            seen = each.modality is Modality.VISUAL
            if (ExplanationKind.FACES if seen else ExplanationKind.VOICE) in plan.explanations:
                self._call(explain_faces if seen else explain_voice, analysis_id, wave)
            self._recheck(analysis_id, wave, plan, each.modality)
        if self._deps.case.evidence(analysis_id) and ExplanationKind.VERDICT in plan.explanations:
            self._call(explain_verdict, analysis_id, wave)
        return self._recorded(analysis_id, state["wave"])

    def _recheck(self, analysis_id: str, wave: int, plan: Plan, modality: Modality) -> None:
        """Take the score again after harmless changes. The verdict is out by now and does not wait."""
        checks = list(plan.checks)
        if checks and modality is Modality.VISUAL:
            frames = spread(list_frames(self._deps.case.prepared(analysis_id), plan), RECHECKED_FRAMES)
            self._call(recheck_faces, analysis_id, wave, frame_indexes=frames, checks=checks)
        elif checks:
            self._call(recheck_voice, analysis_id, wave, checks=checks, range_s=plan.range_s)

    def write(self, state: GraphState) -> GraphState:
        """A draft of the narrative. Nothing of it is believed yet."""
        analysis_id = self._enter(state, Stage.WRITE, "Writing the report.")
        spent_s = sum(LlmCall.model_validate(call).seconds for call in state.get("llm_calls", []))
        with within(self._deps.model_s - spent_s):
            written = self._writer(analysis_id).write(self._facts(analysis_id, self._case_evidence(analysis_id)))
        notes = [note.model_dump(mode="json") for note in (*self._failed_maps(analysis_id), *written.notes)]
        calls = [call.model_dump(mode="json") for call in written.calls]
        return {
            "sentences": [{"text": each.text, "provenance": str(each.provenance)} for each in written.wordings],
            "notes": [*state.get("notes", []), *notes],
            "llm_calls": [*state.get("llm_calls", []), *calls],
        }

    def check(self, state: GraphState) -> GraphState:
        """Hold every sentence to its evidence, then have the documents written from the result."""
        analysis_id = self._enter(state)
        case_evidence = self._case_evidence(analysis_id)
        drafted = draft(self._facts(analysis_id, case_evidence), state["sentences"])
        notes = tuple(Reason.model_validate(note) for note in state.get("notes", []))
        made = check_draft(drafted)
        sentences = tuple(each.sentence for each in made)
        narrative = Narrative(sentences=sentences, language=self._language(analysis_id), notes=notes)
        llm_written = sum(each.provenance is Provenance.LLM for each in narrative.sentences)
        self._announce_once(
            analysis_id,
            "narrative",
            "The report is worded and every sentence was checked against its evidence.",
            Stage.WRITE,
            {
                "sentences": len(narrative.sentences),
                "by_llm": llm_written,
                "refused": {str(refusal): count for refusal, count in sorted(count_refusals(made).items())},
            },
        )
        report = Report(
            analysis_id=analysis_id,
            file_name=self._deps.case.analysis(analysis_id).file_name,
            headline=compose_headline(case_evidence, narrative.language),
            media=case_evidence.media,
            plan=case_evidence.plan,
            verdict=case_evidence.verdict,
            evidence=case_evidence.evidence,
            explanations=case_evidence.explanations,
            artefacts=self._deps.case.artefacts(analysis_id),
            narrative=narrative,
            llm_calls=tuple(LlmCall.model_validate(call) for call in state.get("llm_calls", [])),
            stability=case_evidence.stability,
            manifest=self._deps.manifest(analysis_id, case_evidence.verdict),
        )
        self._call(write_documents, analysis_id, state["wave"] + 2, report=report)
        return self._recorded(analysis_id, state["wave"])

    def _facts(self, analysis_id: str, case_evidence: CaseEvidence) -> tuple[Fact, ...]:
        return translate_facts(collect_facts(case_evidence), self._language(analysis_id))

    def _language(self, analysis_id: str) -> str:
        """That its reader asked for, else the deployment's."""
        return self._deps.case.analysis(analysis_id).language or self._deps.language

    def _writer(self, analysis_id: str) -> Writer:
        return self._deps.writer if self._language(analysis_id) == ENGLISH else TemplateWriter()

    def finish(self, state: GraphState) -> GraphState:
        """Save the report and say that it is there, each once."""
        analysis_id = state["analysis_id"]
        report = self._deps.case.report(analysis_id)
        if report is None:
            self._enter(state)
            (job,) = self._deps.ledger.of_analysis(analysis_id, state["wave"])
            completed = (job.result or {}).get("report")
            report = Report.model_validate(completed) if completed else WRITE_DOCUMENTS.read(job.spec).report
            if report is None:
                raise Defect("report_missing", "The job that wrote the documents holds no report.")
            if job.status is JobStatus.FAILED:
                note = Reason(code=ReasonCode.EXPLANATION_FAILED, message="The PDF could not be made.")
                noted = report.narrative.model_copy(update={"notes": (*report.narrative.notes, note)})
                report = report.model_copy(update={"narrative": noted})
            self._deps.case.save_report(analysis_id, report)
        detail: dict[str, object] = {"headline": report.headline.model_dump(mode="json")}
        self._announce_once(analysis_id, "finished", report.headline.xai_summary, Stage.DONE, detail)
        return {}

    # ------------------------------------------------------------------------------------ shared by the steps

    def ensure_alive(self, analysis_id: str) -> None:
        """Raises: AnalysisEnded."""
        case = self._deps.case
        if case.is_cancelled(analysis_id) or case.analysis(analysis_id).status.is_final:
            raise AnalysisEnded

    def _enter(self, state: GraphState, stage: Stage | None = None, message: str = "") -> str:
        analysis_id = state["analysis_id"]
        self.ensure_alive(analysis_id)
        if stage is not None and self._deps.case.analysis(analysis_id).stage is not stage:
            self._deps.case.set_stage(analysis_id, stage)
            self._deps.events.append(analysis_id, "stage", message, stage=stage)
        return analysis_id

    def _call(self, tool: BaseTool, analysis_id: str, wave: int, **arguments: object) -> None:
        within = Wave(self._deps.ledger, self._deps.sampling, analysis_id, wave)
        jobs = tool.invoke({"wave": within, **arguments})
        _log.info("agents.tool.called", analysis_id=analysis_id, tool=tool.name, jobs=jobs)

    def _recorded(self, analysis_id: str, wave: int) -> GraphState:
        """The next wave if anything was recorded in it."""
        waiting = bool(self._deps.ledger.of_analysis(analysis_id, wave + 2))
        return {"waiting": waiting, "wave": wave + 2 if waiting else wave}

    @staticmethod
    def wait(state: GraphState) -> GraphState:
        """Until the wave of work that was recorded has ended."""
        interrupt({"wave": state["wave"]})
        return {"waiting": False}

    def _plan(self, analysis_id: str) -> Plan:
        plan = self._deps.case.plan(analysis_id)
        if plan is None:
            raise Defect("plan_missing", "The analysis has no plan.")
        return plan

    def _case_evidence(self, analysis_id: str) -> CaseEvidence:
        verdict = self._deps.case.analysis(analysis_id).verdict
        if verdict is None:
            raise Defect("verdict_missing", "The analysis has no verdict.")
        stability = self._stability(analysis_id)
        return read_case_evidence(self._deps.case, analysis_id, self._plan(analysis_id), verdict, stability)

    def _list_planned_frames(self, analysis_id: str, plan: Plan) -> list[int]:
        return spread(list_frames(self._deps.case.prepared(analysis_id), plan), plan.frame_budget)

    def _unexamined_frames(self, state: GraphState, plan: Plan) -> list[int]:
        """A first look at the plan's frames; then the rest of them if it was asked for, and what was taken since."""
        if Modality.VISUAL not in plan.paths:
            return []
        if (first := state.get("first_frames")) is None:
            held = self._list_planned_frames(state["analysis_id"], plan)
            return held if plan.first_look is None else spread(held, plan.first_look)
        examined = state.get("examined_frames", [])
        is_all = state.get("all_frames", False)
        rest = first if is_all else []
        is_more = is_all or state.get("further_asked")
        held = list_frames(self._deps.case.prepared(state["analysis_id"]), plan) if is_more else []
        taken = [index for index in held if index >= state["held_frames"]]
        return [index for index in (*rest, *taken) if index not in examined]

    def _failed_maps(self, analysis_id: str) -> tuple[Reason, ...]:
        explained = [j for j in self._deps.ledger.of_analysis(analysis_id) if j.spec.task in _MAPS]
        if any(job.status is JobStatus.FAILED or (job.result or {}).get("failed") for job in explained):
            return (Reason(code=ReasonCode.EXPLANATION_FAILED, message="Some of the maps could not be made."),)
        return ()

    def _stability(self, analysis_id: str) -> tuple[Stability, ...]:
        rechecked = [job.result for job in self._deps.ledger.of_analysis(analysis_id) if job.spec.task in _RECHECKS]
        found = [result["stability"] for result in rechecked if result and "stability" in result]
        return tuple(Stability.model_validate(each) for each in found)

    def _announce_evidence(self, analysis_id: str, evidence: Evidence) -> None:
        finding = evidence.finding
        message = _SCORED[evidence.modality] if isinstance(finding, Scored) else finding.reason.message
        detail: dict[str, object] = {
            "modality": str(evidence.modality),
            "finding": finding.model_dump(mode="json"),
            "coverage": evidence.coverage.model_dump(mode="json"),
        }
        self._announce_once(analysis_id, "evidence", message, Stage.WEIGH, detail)

    def _announce_once(
        self, analysis_id: str, kind: str, message: str, stage: Stage | None, detail: dict[str, object]
    ) -> None:
        told = self._deps.events.after(analysis_id, 0)
        if not any(event.kind == kind and event.detail == detail for event in told):
            self._deps.events.append(analysis_id, kind, message, stage=stage, detail=detail)
