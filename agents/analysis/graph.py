"""The course of one analysis as a LangGraph, checkpointed, and how a finished wave of jobs moves it on.

    triage → plan → dispatch ⇄ await_detection → assess → weigh → dispatch_explanations → await_explanations
           → write → check → await_documents → finish

`assess` leads back to `dispatch` while frames are left to take or to examine, and asks for further ones once at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import structlog
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command

from agents.analysis.dependencies import AnalysisEnded, GraphDependencies
from agents.analysis.nodes import Steps
from agents.analysis.state import GraphState
from tools.jobs import send_wave

__all__ = ["AnalysisGraph", "GraphDependencies", "advance", "build_graph"]

_log: Final = structlog.get_logger()
_MOST_STEPS: Final = 60


@dataclass(frozen=True, slots=True)
class AnalysisGraph:
    """The compiled graph and what `advance` needs beside it."""

    compiled: CompiledStateGraph[GraphState, None, GraphState, GraphState]
    steps: Steps
    deps: GraphDependencies


def build_graph(deps: GraphDependencies, checkpointer: BaseCheckpointSaver[str]) -> AnalysisGraph:
    """The graph over its dependencies. The thread id of an analysis is its id."""
    steps = Steps(deps)
    graph: StateGraph[GraphState, None, GraphState, GraphState] = StateGraph(GraphState)
    for node in (
        steps.triage,
        steps.plan,
        steps.dispatch,
        steps.assess,
        steps.weigh,
        steps.dispatch_explanations,
        steps.write,
        steps.check,
        steps.finish,
    ):
        graph.add_node(node.__name__, node)
    for name in ("await_detection", "await_explanations", "await_documents"):
        graph.add_node(name, steps.wait)
    graph.add_edge(START, "triage")
    graph.add_edge("triage", "plan")
    graph.add_edge("plan", "dispatch")
    graph.add_conditional_edges("dispatch", _waiting, {True: "await_detection", False: "assess"})
    graph.add_edge("await_detection", "assess")
    graph.add_conditional_edges("assess", steps.needs_more, {True: "dispatch", False: "weigh"})
    graph.add_edge("weigh", "dispatch_explanations")
    graph.add_conditional_edges("dispatch_explanations", _waiting, {True: "await_explanations", False: "write"})
    graph.add_edge("await_explanations", "write")
    graph.add_edge("write", "check")
    graph.add_edge("check", "await_documents")
    graph.add_edge("await_documents", "finish")
    graph.add_edge("finish", END)
    return AnalysisGraph(graph.compile(checkpointer=checkpointer), steps, deps)


def advance(graph: AnalysisGraph, analysis_id: str, wave: int) -> None:
    """Take the analysis as far as it goes without further jobs; then send those it waits for.

    Args:
        wave: of the `agents.advance` job, odd: all jobs of the wave before it have ended. A wave that was passed
            already changes nothing; a step that a crash interrupted is taken up where it stopped.
    """
    config: RunnableConfig = {"configurable": {"thread_id": analysis_id}, "recursion_limit": _MOST_STEPS}
    try:
        while True:
            snapshot = graph.compiled.get_state(config)
            if not snapshot.values:
                graph.steps.ensure_alive(analysis_id)
                given: GraphState | Command[None] | None = {"analysis_id": analysis_id}
            elif not snapshot.next:
                return
            elif not snapshot.interrupts:
                given = None
            elif snapshot.values["wave"] == wave - 1:
                graph.steps.ensure_alive(analysis_id)
                given = Command(resume=wave)
            else:
                break
            graph.compiled.invoke(given, config, durability="sync")
    except AnalysisEnded:
        _log.info("agents.analysis.ended", analysis_id=analysis_id, wave=wave)
        return
    send_wave(graph.deps.ledger, graph.deps.queue, analysis_id, snapshot.values["wave"])


def _waiting(state: GraphState) -> bool:
    return state["waiting"]
