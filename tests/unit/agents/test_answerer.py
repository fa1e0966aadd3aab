"""What is asked is understood and answered from the evidence, by rules and classifier alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest

from agents.conversation.answerer import NO_MODEL, SHORTLIST, AskedQuestion, QuestionAnswerer
from agents.conversation.answering.replies import collect_facts_about, collect_facts_on
from agents.conversation.cases import Case as ReadCase
from agents.conversation.cases import read_cases
from agents.conversation.proposals import Started
from agents.conversation.understanding.language import find_language
from agents.conversation.understanding.question import read_question
from agents.conversation.understanding.topic_rules import read_topics
from agents.conversation.understanding.topics import Topic
from agents.language.client import OpenAiLanguageModel
from core.dialogue import Answer, Proposal, Turn, TurnStatus
from core.types import (
    AnalysisStatus,
    MediaStream,
    Modality,
    PreparedMedia,
    Scope,
    Stage,
    StreamKind,
    TimeRange,
    keep_looks,
)
from tests.eval.conversation import asked, recordings
from tests.eval.conversation.cases import ERROR_RATES, SCENES, case_file
from tests.eval.conversation.figures import false_figures
from tests.fixtures.meaning import Undecided
from tests.fixtures.reports import measured
from tests.unit.agents.endpoint import Reply, scripted

LEAST_RIGHT = 0.88
FIGURES_ASKED = (
    "is it fake?", "how sure are you?", "why?", "when?", "what would change it?", "without the sound",
    "without the picture", "from what score is it fake?", "is the voice cloned?", "which face?", "one sentence",
    "how much of it is fake?", "at 0:14", "between 0:05 and 0:20", "the worst frame",
    "how often are you wrong?", "everything you found",
)  # fmt: skip


class Starter:
    def __init__(self, *, is_new: bool = True, full: bool = False) -> None:
        self.started: list[Proposal] = []
        self._is_new, self._full = is_new, full

    def start(self, proposal: Proposal) -> Started | None:
        if self._full:
            return None
        self.started.append(proposal)
        return Started("an_new", self._is_new)


def ask(text: str, scene: str = "two", history: tuple[Turn, ...] = (), starter: Starter | None = None) -> Answer:
    asked = AskedQuestion(text, "owner", SCENES[scene], history)
    return QuestionAnswerer(case_file(), None, ERROR_RATES).answer(asked, starter or Starter())


def told(answer: Answer) -> str:
    return " ".join(statement.text for statement in answer.statements)


def turn(number: int, text: str, answer: Answer) -> Turn:
    return Turn(
        conversation_id="cv",
        number=number,
        text=text,
        status=TurnStatus.ANSWERED,
        answer=answer,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


@cache
def answered() -> tuple[tuple[asked.Asked, Answer], ...]:
    return tuple((question, answer) for question, answer, *_ in asked.answers())


def test_labelled_questions_are_answered_right() -> None:
    """By the rubric of `tests/eval/conversation`; of the held half nothing but the number is looked at."""
    for half in ("open", "held"):
        own = [(question, answer) for question, answer in answered() if question.half == half]
        wrong = sum(bool(asked.faults(question, answer)) for question, answer in own)
        assert len(own) >= 100
        assert wrong <= (1 - LEAST_RIGHT) * len(own), half


def test_the_grader_refuses_an_answer_to_another_question() -> None:
    questions = [question for question, _ in answered() if question.scene == "swap"][:20]
    other = next(answer for question, answer in answered() if question.texts == ("who made this",))
    direct = [question for question in questions if question.forms[0] in ("fake", "no", "number", "time")]
    assert len(direct) >= 8
    assert all(asked.faults(question, other) for question in direct)


@pytest.mark.parametrize("scene", ["faceswap", "cloned", "real", "unsure", "noface", "silent", "two"])
def test_no_answer_holds_a_figure_that_the_evidence_does_not(scene: str) -> None:
    for text in FIGURES_ASKED:
        sentences = [statement.text for statement in ask(text, scene).statements]
        assert false_figures(SCENES[scene], text, sentences) == [], text


def test_the_check_for_false_figures_finds_one() -> None:
    assert false_figures(SCENES["two"], "is it fake?", ["This video scores 77.7 %."]) == ["77.7"]


def test_every_statement_cites_evidence_of_its_own_analysis_or_a_page_of_ours() -> None:
    for question, answer in answered():
        for statement in answer.statements:
            for citation in statement.citations:
                of_ours = citation.id.startswith(("service", "glossary.", "about.", "card."))
                assert (citation.analysis_id is None) == of_ours, statement
                assert citation.analysis_id in (None, *asked.SCENES[question.scene])


def test_several_questions_at_once_are_all_answered() -> None:
    answer = ask("Is it fake? And when, and who made it?")
    assert answer.topics == ("verdict", "stretches", "author")
    assert not answer.declined
    assert "00:18 to 00:37" in told(answer)
    assert "is not in the evidence" in told(answer)


def test_a_proposal_of_the_earlier_version_is_read_and_started() -> None:
    starter = Starter()
    offered = ask("Look again at the voice between 0:10 and 0:20")
    stored = offered.model_dump(mode="json")
    stored["proposal"] = {"analysis_id": "an_two", "instruction": "Check only the voice carefully from 00:10 to 00:20."}
    earlier = Answer.model_validate(stored)
    assert ask("yes", history=(turn(1, "x", earlier),), starter=starter).started == "an_new"
    assert starter.started == [earlier.proposal]
    assert starter.started[0].scope is None


def test_a_file_that_comes_without_words_is_answered_with_its_verdict() -> None:
    answer = ask("")
    assert answer.topics == ("verdict",)
    assert answer.decided_by.rule == "no_words"
    assert "English" not in told(answer)


def test_a_new_analysis_is_offered_then_started_once_agreed() -> None:
    starter = Starter()
    offered = ask("Look again at the voice between 0:10 and 0:20", starter=starter)
    assert offered.proposal == Proposal(
        analysis_id="an_two",
        scope=Scope(modalities=(Modality.AUDIO,), range_s=TimeRange(start_s=10, end_s=20), effort="thorough"),
    )
    assert starter.started == []
    agreed = ask("ja, bitte", history=(turn(1, "x", offered),), starter=starter)
    assert (agreed.started, starter.started) == ("an_new", [offered.proposal])
    later = ask("yes", history=(turn(1, "x", offered), turn(2, "ja", agreed)), starter=starter)
    assert later.started is None
    assert len(starter.started) == 1
    refused = ask("no thanks", history=(turn(1, "x", offered),), starter=starter)
    assert (refused.topics, refused.started) == (("withdraw",), None)
    full = ask("yes", history=(turn(1, "x", offered),), starter=Starter(full=True))
    assert "No further analyses" in told(full)
    known = ask("yes", history=(turn(1, "x", offered),), starter=Starter(is_new=False))
    assert "had been made before" in told(known)


@pytest.mark.parametrize(
    ("text", "scene", "said"),
    [
        ("check the voice again", "silent", "It has a picture and no sound."),
        ("check from 5:10 to 5:20 again", "two", "The video ends at 00:52"),
        ("analyse it again", "none", "There is nothing to analyse yet"),
    ],
)
def test_what_cannot_be_examined_is_not_offered(text: str, scene: str, said: str) -> None:
    answer = ask(text, scene)
    assert answer.proposal is None
    assert said in told(answer)


@pytest.mark.parametrize(
    ("status", "stage", "said"),
    [
        (AnalysisStatus.QUEUED, None, "waits for its turn"),
        (AnalysisStatus.RUNNING, Stage.DETECT, 'at the step "detect"'),
        (AnalysisStatus.FAILED, Stage.DETECT, "The analysis failed"),
        (AnalysisStatus.CANCELLED, Stage.PLAN, "was cancelled"),
    ],
)
def test_an_analysis_without_a_result_says_how_it_stands(
    status: AnalysisStatus, stage: Stage | None, said: str
) -> None:
    file = case_file()
    file.analyses["an_two"] = file.analyses["an_two"].model_copy(
        update={"status": status, "stage": stage, "verdict": None}
    )
    witness = QuestionAnswerer(file, None, ERROR_RATES)
    assert said in told(witness.answer(AskedQuestion("is it fake?", "owner", ("an_two",)), Starter()))
    length = witness.answer(AskedQuestion("how long is the video?", "owner", ("an_two",)), Starter())
    assert "52.0 s" in told(length)


def test_without_a_model_it_says_so_and_answers_in_the_language_of_the_question_where_it_can() -> None:
    answer = ask("Welches Gesicht ist gefälscht?")
    assert answer.notes == (NO_MODEL,)
    assert answer.language == "de"
    assert told(answer).startswith("Gesicht 2 gilt als manipuliert")
    assert told(ask("¿Qué cara es falsa?")).endswith("this one is answered in English.")
    assert "answered in English" not in told(ask("Which face is fake?"))


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_model_is_asked_only_where_the_rules_find_nothing_and_only_for_what_can_be_answered() -> None:
    with scripted([Reply('{"topic": "voice"}')]) as endpoint:
        witness = QuestionAnswerer(
            case_file(), OpenAiLanguageModel(endpoint.settings()), ERROR_RATES, classifier=Undecided()
        )
        by_rules = witness.answer(AskedQuestion("is it fake?", "owner", SCENES["two"]), Starter())
        assert endpoint.requests == []
        by_model = witness.answer(AskedQuestion("xyzzy plugh", "owner", SCENES["two"]), Starter())
    assert (by_rules.decided_by.kind, by_rules.notes) == ("rules", ())
    assert by_model.topics == ("voice",)
    assert (by_model.decided_by.prompt_id, by_model.decided_by.prompt_version) == ("ask-topic", 2)
    schema = endpoint.requests[0]["response_format"]["json_schema"]["schema"]
    offered = set(schema["properties"]["topic"]["enum"])
    assert {Topic.VERDICT, Topic.VOICE, Topic.UNCLEAR} <= offered
    assert len(offered) == SHORTLIST
    assert not offered & {Topic.CONFIRM, Topic.RULES, Topic.MOMENT, Topic.COMPARE, Topic.TERM}


@pytest.mark.parametrize(
    ("text", "moment", "stretch"),
    [
        ("at 0:14", 14.0, None),
        ("bei Sekunde 14", 14.0, None),
        ("1:02:03", 3723.0, None),
        ("the 14 second mark", 14.0, None),
        ("at the end", 59.0, None),
        ("between 0:10 and 0:20", None, (10.0, 20.0)),
        ("from 10 to 20 seconds", None, (10.0, 20.0)),
        ("the first 5 seconds", None, (0.0, 5.0)),
        ("after 0:50", None, (50.0, 60.0)),
        ("face 2", None, None),
    ],
)
def test_times_are_read(text: str, moment: float | None, stretch: tuple[float, float] | None) -> None:
    question = read_question(text, 60.0)
    assert question.moment_s == moment
    assert question.range_s == (None if stretch is None else TimeRange(start_s=stretch[0], end_s=stretch[1]))


@pytest.mark.parametrize(
    ("text", "face"),
    [("face 2", 2), ("the second person", 2), ("das dritte Gesicht", 3), ("le premier visage", 1), ("the voice", None)],
)
def test_faces_are_read(text: str, face: int | None) -> None:
    assert read_question(text).face == face


def test_of_one_file_the_second_one_is_a_face_and_of_several_a_file() -> None:
    assert (read_question("the second one").face, read_question("the second one").file) == (2, None)
    several = read_question("the second one", files=2)
    assert (several.face, several.file) == (None, 2)


@pytest.mark.parametrize(
    ("text", "topic"), [("is tihs fkae", Topic.VERDICT), ("how does the vioce score", Topic.VOICE), ("xyzzy", None)]
)
def test_slips_of_the_finger_are_read_as_what_was_meant(text: str, topic: Topic | None) -> None:
    assert read_topics(read_question(text)) == (None if topic is None else (topic,))


@pytest.mark.parametrize(
    ("question", "measure"),
    [
        ("What is the pitch?", "pitch"),
        ("How stable is the pitch of this voice?", "pitch_step"),
        ("Is there digital silence?", "digital_silence"),
        ("And the noise floor?", "noise_floor"),
        ("Which acoustic measurements are there?", "acoustics"),
        ("Wie hoch ist die Tonhöhe?", "pitch"),
        ("Y a-t-il du silence numérique ?", "digital_silence"),
        ("Is the voice real?", None),
    ],
)
def test_a_question_names_a_measurement_of_the_sound(question: str, measure: str | None) -> None:
    assert read_question(question).measure == measure
    assert ask(question, "cloned").topics == ("voice",)


def test_a_named_measurement_is_answered_alone_and_an_unnamed_one_with_the_voice() -> None:
    (case,) = read_cases(case_file(), SCENES["cloned"], "owner")
    assert case.case_evidence is not None
    audio = case.case_evidence.audio
    assert audio is not None
    told = replace(case, case_evidence=replace(case.case_evidence, evidence=(measured(audio),)))

    def answers(text: str, case: ReadCase = told) -> list[str]:
        return [fact.text for fact in collect_facts_about(Topic.VOICE, read_question(text), case, {})]

    count = "Of 4 measurements of the sound, 3 lie where nine in ten honest recordings do; no score takes them in."
    assert answers("What is the pitch?") == [
        "Measured in the sound: the pitch is 118 Hz, where nine in ten honest recordings have 91 to 247 Hz.",
        count,
    ]
    assert len(answers("the acoustic measurements")) == 5
    whole = answers("And the voice?")
    assert count in whole
    assert sum(each.startswith("Unusual in the sound: ") for each in whole) == 1
    assert not any(each.startswith("Measured in the sound: ") for each in whole)
    assert answers("What is the pitch?", case) == answers("And the voice?", case)


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("was the second track examined?", "There is no further track"),
        ("were both channels listened to?", "There is no further track"),
        ("wurde die zweite Spur untersucht?", "Es gibt keine weitere Spur"),
        ("la deuxième piste a-t-elle été examinée ?", "Il n’y a pas d’autre piste"),
        ("¿se examinó la segunda pista?", "There is no further track"),
        ("la seconda traccia è stata esaminata?", "There is no further track"),
    ],
)
def test_a_question_about_tracks_is_answered_from_what_the_file_holds(text: str, begins: str) -> None:
    assert told(ask(text)).startswith(begins)


@pytest.mark.parametrize(("is_readable", "begins"), [(True, "Yes: every track"), (False, "Not all of them")])
def test_every_track_is_named_with_whether_it_was_examined(is_readable: bool, begins: str) -> None:
    file, (analysis_id,) = case_file(), SCENES["real"]
    one = file.analyses[analysis_id]
    assert one.media is not None
    streams = (
        MediaStream(kind=StreamKind.PICTURE, number=1, is_main=True),
        MediaStream(kind=StreamKind.PICTURE, number=2, is_readable=is_readable),
        MediaStream(kind=StreamKind.SOUND, number=1, is_main=True),
    )
    info = one.media.model_copy(update={"streams": streams})
    file.analyses[analysis_id] = one.model_copy(update={"media": info})
    file.save_prepared(analysis_id, PreparedMedia(info=info))
    asked = AskedQuestion("was the second track examined?", "owner", (analysis_id,), ())
    answer = told(QuestionAnswerer(file, None, ERROR_RATES).answer(asked, Starter()))
    assert answer.startswith(begins)
    assert is_readable or "track 2 was not examined: it cannot be decoded" in answer


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("is der ton ok", "de"),
        ("wie sicher seid ihr euch da", "de"),
        ("la version courte", "fr"),
        ("is this the right version", "en"),
        ("hvilket ansigt er falsk?", "da"),
        ("er stemmen lavet af en computer?", "da"),
        ("vad kan du hjalpa mig med?", "sv"),
        ("je ten hlas pravy?", "cs"),
        ("hangi dakikada sahte?", "tr"),
    ],
)
def test_a_language_is_known_by_its_own_small_words_and_not_by_a_neighbour_s(words: str, language: str) -> None:
    assert find_language(words) == language


@pytest.mark.parametrize(
    ("text", "span_s"),
    [
        ("anything in the last 5 minutes?", (2550.0, 2850.0)),
        ("Gibt es in der ersten halben Stunde etwas?", (0.0, 1800.0)),
        ("anything between 40:00 and the end?", (2400.0, 2850.0)),
        ("what about the second minute", (60.0, 120.0)),
        ("et la seconde moitié ?", None),
    ],
)
def test_a_question_names_the_stretches_that_an_instruction_names(
    text: str, span_s: tuple[float, float] | None
) -> None:
    named = read_question(text, 2850.0).range_s
    assert (None if named is None else (named.start_s, named.end_s)) == (span_s or (1425.0, 2850.0))


@pytest.mark.parametrize("text", ["what happens at minute 31", "was ist bei Minute 31?", "at 31:00"])
def test_a_single_moment_of_minutes_is_a_moment_and_no_stretch(text: str) -> None:
    question = read_question(text, 2850.0)
    assert (question.moment_s, question.range_s) == (1860.0, None)


@pytest.mark.parametrize("text", ["did anybody tamper with my sons video?", "real or not, I need one word"])
def test_a_word_of_another_language_or_of_the_wish_for_one_word_names_no_sound(text: str) -> None:
    assert read_question(text).part is None


def facts_on(topic: Topic, text: str, scene: str) -> list[str]:
    (case,) = read_cases(recordings.case_file(), recordings.SCENES[scene], "owner")
    return [fact.text for fact in collect_facts_about(topic, read_question(text), case, {})]


@pytest.mark.parametrize(
    ("text", "scene", "begins"),
    [
        ("why the voice?", "swap", "The voice is inconclusive at 31.8 %"),
        ("why the faces?", "voice", "Because the faces score 9.3 %, and no evidence of manipulation"),
        ("why is there nothing on the voice?", "trio", "No voice was examined"),
        ("why?", "voice", "Because the voice reaches 94.8 %"),
    ],
)
def test_the_reason_that_is_told_is_of_the_part_that_is_asked_about(text: str, scene: str, begins: str) -> None:
    first, *more = facts_on(Topic.WHY, text, scene)
    assert first.startswith(begins)
    if scene == "voice" and "faces" in text:
        assert not any(each.startswith("The voice scores") for each in more)


def test_a_verdict_is_told_with_the_figure_of_the_part_that_decides() -> None:
    assert facts_on(Topic.VERDICT, "and the picture?", "voice")[0].startswith(
        "This video scores as manipulated: 94.8 % for the voice"
    )


@pytest.mark.parametrize("text", ["Is this proof?", "Ist das ein Beweis?", "Est-ce une preuve ?"])
def test_a_score_is_never_called_proof(text: str) -> None:
    answer = ask(text)
    assert answer.statements[0].citations[0].id == "service"
    assert any(word in told(answer) for word in ("not proof", "kein Beweis", "pas une preuve"))


@pytest.mark.parametrize(
    ("text", "scene", "denied"),
    [
        ("when, in the voice?", "faceswap", "Nothing is marked as manipulated in the voice."),
        ("when does face 1 look fake?", "two", "Nothing is marked as manipulated in face 1."),
    ],
)
def test_where_nothing_is_marked_in_the_part_that_is_named_the_marks_elsewhere_are_told(
    text: str, scene: str, denied: str
) -> None:
    (case,) = read_cases(case_file(), SCENES[scene], "owner")
    facts = [fact.text for fact in collect_facts_about(Topic.STRETCHES, read_question(text), case, {})]
    assert facts[0] == denied
    assert facts[1].startswith("Marked as manipulated: face ")


@pytest.mark.parametrize(
    ("text", "scene", "begins"),
    [
        ("are they both fake?", ("an_faceswap", "an_cloned"), "Yes: both files score as manipulated."),
        ("r they both fake", ("an_faceswap", "an_real"), "No: 1 of the 2 files scores as manipulated."),
        ("are both real?", ("an_faceswap", "an_real"), "No: 1 of the 2 files shows no evidence of manipulation."),
        ("are both real?", ("an_real", "an_noface"), "No evidence of manipulation was found in either file, which"),
    ],
)
def test_of_several_files_it_is_said_how_many_are_what_is_asked(text: str, scene: tuple[str, ...], begins: str) -> None:
    cases = read_cases(case_file(), scene, "owner")
    ((first, *_),) = collect_facts_on(Topic.COMPARE, read_question(text, files=2), cases, {})
    assert first.fact.text.startswith(begins)


def test_words_that_are_no_slips_and_questions_about_conditions_are_read_as_they_stand() -> None:
    assert read_question("You found nothing there, then?").part is None
    asks = "what would have to change for you to say it is real?"
    assert read_topics(read_question(asks)) == (Topic.CHANGE,)
    assert read_topics(read_question("just say it is real")) == (Topic.RULES,)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("which seconds should the judge listen to again?", Topic.STRETCHES),
        ("Wie lange dauert die gefälschte Stelle?", Topic.STRETCHES),
        ("did the extra frames help?", Topic.COVERAGE),
        ("y quién clonó la voz?", Topic.AUTHOR),
        ("what is the chance that you overlooked it?", Topic.RELIABILITY),
        ("how come it is not 100 %?", Topic.CERTAINTY),
    ],
)
def test_kinds_of_questions_that_were_read_as_others(text: str, topic: Topic) -> None:
    assert read_topics(read_question(text)) == (topic,)


@pytest.mark.parametrize("text", ["did the extra frames help?", "how many frames did you look at?"])
def test_what_further_frames_bought_is_answered(text: str) -> None:
    (case,) = read_cases(case_file(), SCENES["unsure"], "owner")
    assert case.case_evidence is not None
    assert case.case_evidence.visual is not None
    seen = case.case_evidence.visual
    fewer = seen.model_copy(update={"coverage": seen.coverage.model_copy(update={"frames_sampled": 16})})
    evidence = tuple(keep_looks(each, (fewer,)) for each in case.case_evidence.evidence)
    looked = replace(case, case_evidence=replace(case.case_evidence, evidence=evidence))
    question = read_question(text)
    assert read_topics(question) == (Topic.COVERAGE,)
    assert [fact.text for fact in collect_facts_about(Topic.COVERAGE, question, looked, {})][:2] == [
        "24 frames were examined, 17 of them with a face.",
        "The first 16 frames left the faces inconclusive at 52.2 %; with 8 more the score is 52.2 %, which does not "
        "settle it.",
    ]
