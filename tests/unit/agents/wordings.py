"""Honest wordings and dishonest ones: what a model may have written, next to the fact that it was given."""

# ruff: noqa: E501

from __future__ import annotations

from agents.report.facts import Fact, make_fact
from core.types import Outcome


def claim(key: str, asserts: Outcome, text: str) -> Fact:
    """A sentence with the shape that matters here, whatever the templates of today say of a verdict."""
    return Fact(key, ("verdict",), text, asserts)


FACTS: dict[str, Fact] = {
    "fake": claim(
        "verdict.fake",
        Outcome.FAKE,
        "This video scores as manipulated: 91.3 %, where 68.0 % and above counts as fake.",
    ),
    "real": claim(
        "verdict.real",
        Outcome.REAL,
        "No evidence of manipulation was found in this video: it scores 12.4 %, where 32.0 % and below counts as unremarkable.",
    ),
    "disagree": claim(
        "verdict.inconclusive",
        Outcome.INCONCLUSIVE,
        "The result for this video is inconclusive: it scores 50.2 %, and picture and sound point in opposite directions, and neither strongly enough to decide.",
    ),
    "undecided": claim(
        "verdict.inconclusive",
        Outcome.INCONCLUSIVE,
        "The result for this video is inconclusive: it scores 50.2 %, and the score lies between what is called real and what is called fake.",
    ),
    "nothing": claim(
        "verdict.nothing",
        Outcome.INCONCLUSIVE,
        "The result for this image is inconclusive, because nothing in it could be scored.",
    ),
    "faces.fake": make_fact("visual.fake", ("visual",), Outcome.FAKE, percent="88.0 %", frames=30, sampled=32),
    "faces.real": make_fact("visual.real", ("visual",), Outcome.REAL, percent="8.1 %", frames=30, sampled=32),
    "faces.inconclusive": make_fact(
        "visual.inconclusive", ("visual",), Outcome.INCONCLUSIVE, percent="51.0 %", frames=30, sampled=32
    ),
    "faces.unscored": make_fact(
        "visual.unscored", ("visual",), reason="no face was found in the 32 frames that were examined."
    ),
    "faces.blurred": make_fact(
        "visual.unscored", ("visual",), reason="the faces are too small, blurred or turned away to judge."
    ),
    "picture.fake": make_fact("image.fake", ("visual",), Outcome.FAKE, percent="88.0 %", faces="2 faces"),
    "stretch": make_fact(
        "visual.segment", ("visual.segment.1",), Outcome.FAKE, face=2, span="00:10 to 00:25", percent="90.5 %"
    ),
    "raised": make_fact("visual.raised", ("visual.segment.1",), None, face=2, span="00:10 to 00:25", percent="60.5 %"),
    "further": make_fact("visual.further", ("visual",), Outcome.FAKE, further=3),
    "face.real": make_fact("visual.track.real", ("visual.track.3",), Outcome.REAL, face=3, percent="11.0 %"),
    "face.inconclusive": make_fact(
        "visual.track.inconclusive", ("visual.track.3",), Outcome.INCONCLUSIVE, face=3, percent="49.0 %"
    ),
    "map": make_fact("heatmap", ("explain.1",), face=2, moment="00:12", region="mouth", share="41.0 %"),
    "map.boundary": make_fact(
        "heatmap", ("explain.1",), face=2, moment="00:12", region="face boundary", share="41.0 %"
    ),
    "map.unreliable": make_fact("heatmap.unreliable", ("explain.1",), face=2),
    "voice.fake": make_fact("audio.fake", ("audio",), Outcome.FAKE, percent="85.0 %", speech="42.0 s"),
    "voice.real": make_fact("audio.real", ("audio",), Outcome.REAL, percent="9.0 %", speech="42.0 s"),
    "voice.stretch": make_fact(
        "audio.segment", ("audio.segment.1",), Outcome.FAKE, span="12.0 s to 21.0 s", percent="93.0 %"
    ),
    "band": make_fact("spectrogram", ("explain.2",), span="12.5 s to 13.0 s", low="3000", high="5000", share="44.0 %"),
    "shares": make_fact("shares", ("verdict",), part="faces", share="60.0 %", other="voice", other_share="40.0 %"),
    "alone": make_fact("alone", ("verdict",), part="faces"),
    "close": make_fact("weakest.close", ("verdict",), percent="70.1 %", floor="68.0 %"),
    "thin": make_fact("weakest.few_frames", ("visual",), frames=5),
    "masked": make_fact(
        "unexamined.masked", ("plan",), part="sound", reason="the instruction did not ask for the sound."
    ),
    "outside": make_fact("unexamined.range", ("plan",), span="00:10 to 00:20"),
    "between": make_fact("unexamined.between", ("visual",), sampled=32),
    "truncated": make_fact("unexamined.truncated", ("media",)),
    "few": make_fact("limit", ("visual",), reason="A face was found in only 3 of 32 frames."),
}

HONEST: tuple[tuple[str, str], ...] = (
    ("raised", "From 00:10 to 00:25, face 2 has raised scores at 60.5 %, which do not count as manipulated."),
    ("fake", "At 91.3 %, this video scores as manipulated, where 68.0 % and above counts as fake."),
    ("fake", "This video scores 91.3 % as manipulated, where 68.0 % or more counts as fake."),
    ("fake", "This video is scored as fake at 91.3 percent, where 68.0 percent and above counts as fake."),
    ("fake", "This footage was flagged as manipulated with a score of 91.3 % (68.0 % and above counts as fake)."),
    (
        "faces.fake",
        "Taken on their own, the faces score as manipulated at 88.0 %, over 30 frames with a face of 32 sampled.",
    ),
    ("faces.fake", "The faces alone are rated as manipulated at 88.0 %, in 30 of 32 sampled frames with a face."),
    ("faces.fake", "Of 32 sampled frames, 30 show a face, and by themselves the faces score as manipulated at 88.0 %."),
    (
        "faces.real",
        "On their own, the faces show no sign of manipulation and score 8.1 %, over 30 frames with a face out of 32 sampled.",
    ),
    (
        "faces.inconclusive",
        "The faces by themselves are inconclusive at 51.0 %, over 30 frames with a face out of 32 sampled.",
    ),
    ("faces.unscored", "The faces were not scored, because no face was found in the 32 frames examined."),
    ("picture.fake", "On its own, the picture is rated as manipulated at 88.0 %, with 2 faces scored."),
    ("stretch", "From 00:10 to 00:25, face 2 scores as manipulated at 90.5 %."),
    ("stretch", "Between 00:10 and 00:25, face 2 is rated as manipulated at 90.5 %."),
    ("stretch", "Face 2 is flagged as fake from 00:10 until 00:25, with a score of 90.5 %."),
    ("face.real", "Face 3 scores 11.0 % and shows no sign of manipulation."),
    ("face.inconclusive", "At 49.0 %, face 3 is inconclusive."),
    ("map", "At 00:12, the heatmap of face 2 is strongest on the mouth, with 41.0 % of it."),
    ("map", "In face 2 at 00:12, the map is strongest on the mouth, which holds 41.0 % of it."),
    ("map.boundary", "In face 2 at 00:12, the heatmap is strongest on the boundary of the face, with 41.0 % of it."),
    ("map.unreliable", "The heatmap of face 2 did not pass its own check and is not relied on here."),
    ("voice.real", "By itself, the voice shows no sign of being synthetic and scores 9.0 %, over 42.0 s of speech."),
    ("voice.stretch", "From 12.0 to 21.0 s, the voice scores as synthetic at 93.0 %."),
    ("voice.stretch", "The voice is rated as synthetic between 12.0 s and 21.0 s, with a score of 93.0 %."),
    ("shares", "The faces carry 60.0 % of the verdict and the voice 40.0 %."),
    ("shares", "The faces hold 60.0 % of the verdict, and the voice 40.0 %."),
    ("alone", "The verdict is based on the faces alone."),
    ("alone", "The verdict rests only on the faces."),
    ("close", "The weakest point is that the score, 70.1 %, is close to the threshold of 68.0 %."),
    ("thin", "Thin evidence from the picture is the weakest point: 5 frames with a face."),
    ("masked", "The sound was not examined, because the instruction did not ask for the sound."),
    ("outside", "Nothing was examined outside 00:10 to 00:20, as the instruction asked."),
    ("between", "The picture was not examined between the 32 sampled frames."),
)

TOO_FREE: tuple[tuple[str, str], ...] = (
    ("fake", "This video is rated as manipulated at 91.3 %, with 68.0 % and above considered fake."),
    ("fake", "This clip is rated as manipulated at 91.3 %, above the threshold of 68.0 %."),
    ("fake", "With a score of 91.3 %, this video is classified as manipulated, since 68.0 % and above counts as fake."),
    (
        "real",
        "This video shows no evidence of manipulation: it scores 12.4 %, where 32.0 % and below counts as unremarkable.",
    ),
    ("real", "No sign of manipulation was found in this clip, which scores 12.4 %, below the threshold of 32.0 %."),
    (
        "real",
        "With a score of 12.4 %, this video shows no trace of tampering, where 32.0 % or less counts as unremarkable.",
    ),
    (
        "disagree",
        "This video is inconclusive at 50.2 %, and picture and sound point in opposite directions, neither strongly enough to decide.",
    ),
    (
        "undecided",
        "This video is inconclusive at 50.2 %: the score lies between what is called real and what is called fake.",
    ),
    ("nothing", "This image is inconclusive, because nothing in it could be scored."),
    ("stretch", "Face two scores as manipulated at 90.5 % from 00:10 to 00:25."),
    ("further", "Three more stretches of the faces score as manipulated, and the table lists the stretches."),
    ("voice.fake", "On its own, the voice is rated as synthetic at 85 %, over 42 seconds of speech."),
    ("band", "In the voice, the evidence is strongest from 12.5 s to 13.0 s, mainly between 3 and 5 kHz."),
    ("band", "The evidence in the voice is strongest from 12.5 to 13.0 s, mainly between 3,000 and 5,000 Hz."),
    ("few", "Only 3 of 32 frames show a face."),
    ("few", "A face was found in 3 of 32 frames."),
)
"""Honest wordings that are refused: other ways to write a figure, a claim or a reason."""

DISHONEST: tuple[tuple[str, str], ...] = (
    ("masked", "The instruction did not ask for the sound, because the sound was not examined."),
    ("masked", "Because the instruction did not ask for the sound: the sound was not examined."),
    ("stretch", "Face 2 scores as manipulated from 00:10 to 00:25."),
    ("truncated", "The file ends early, because what is missing was not examined."),
    ("stretch", "Face 2 scores as manipulated because from 00:10 to 00:25, at 90.5 %."),
    ("shares", "The faces carry 40.0 % of the verdict and the voice 60.0 %."),
    ("shares", "The voice carries 60.0 % of the verdict and the faces 40.0 %."),
    ("faces.fake", "In 32 of 30 sampled frames with a face, the faces alone score as manipulated at 88.0 %."),
    ("map", "At 00:12, the heatmap in face 2 is strongest on 41.0 % of it, with the mouth."),
    ("raised", "Face 2 has raised scores from 00:10 to 00:25, at 60.5 %, which count as manipulated."),
    ("raised", "Face 2 scores as manipulated from 00:10 to 00:25, at 60.5 %."),
    ("fake", "This video is considered manipulated: 91.3 %, where 68.0 % and above counts."),
    (
        "real",
        "No, evidence of manipulation was found in this video: it scores 12.4 %, where 32.0 % and below counts as unremarkable.",
    ),
    (
        "real",
        "No: evidence of manipulation was found in this video, which scores 12.4 %, where 32.0 % and below counts as unremarkable.",
    ),
    (
        "real",
        "No (evidence of manipulation) was found in this video, it scores 12.4 %, where 32.0 % and below counts as unremarkable.",
    ),
    (
        "voice.real",
        "No, by itself the voice shows evidence of being synthetic and scores 9.0 %, over 42.0 s of speech.",
    ),
    ("face.real", "No, face 3 shows evidence of manipulation and scores 11.0 %."),
    ("masked", "Not, the sound was examined: the instruction did not ask for the sound."),
    ("fake", "This video, this video, scores as manipulated: 91.3 %, where 68.0 % and above counts as fake."),
    ("fake", "This video is across as scores as manipulated: 91.3 %, where 68.0 % and above counts as fake."),
    ("faces.blurred", "The faces could be scored: the faces are not too small, blurred or turned away to judge."),
    ("fake", "This video scores as not manipulated: 91.3 %, where 68.0 % and above counts as fake."),
    ("fake", "This video does not score as manipulated: 91.3 %, where 68.0 % and above counts as fake."),
    ("fake", "This video is no doubt authentic: 91.3 %, where 68.0 % and above counts as fake."),
    ("fake", "This video scores as genuine: 91.3 %, where 68.0 % and above counts as fake."),
    ("fake", "This video scores as manipulated: 19.3 %, where 68.0 % and above counts as fake."),
    ("fake", "This video scores as manipulated: 68.0 %, where 91.3 % and above counts as fake."),
    ("fake", "Where 91.3 % and above counts as fake, this video scores as manipulated at 68.0 %."),
    ("fake", "This video scores as manipulated: 91.3 %, where 68.0 % counts as fake."),
    ("fake", "This video scores as manipulated: 91.3 %, where 68.0 % and below counts as fake."),
    ("fake", "This video scores as manipulated: 91.3 %."),
    ("fake", "This video scores as manipulated: 91 %, where 68.0 % and above counts as fake."),
    ("fake", "Nine in ten say this video scores as manipulated, where 68.0 % and above counts as fake."),
    ("fake", "This video scores as manipulated: 91,3 %, where 68.0 % and above counts as fake."),
    ("fake", "This video is manipulated: 91.3 %, where 68.0 % and above counts."),
    ("fake", "This video is 91.3 % manipulated, where 68.0 % and above counts as fake."),
    ("fake", "91.3 % of this video scores as manipulated, where 68.0 % and above counts as fake."),
    ("fake", "This video may score as manipulated: 91.3 %, where 68.0 % and above counts as fake."),
    ("fake", "This video scores as possibly manipulated: 91.3 %, where 68.0 % and above counts as fake."),
    ("fake", "This video definitely scores as manipulated: 91.3 %, where 68.0 % and above counts as fake."),
    ("fake", "This video scores as manipulated at 91.3 %, therefore the speaker lied, 68.0 % and above."),
    ("fake", "Dr. Smith says this video scores as manipulated: 91.3 %, where 68.0 % and above counts as fake."),
    ("fake", "An expert of Interpol scores this video as manipulated: 91.3 %, where 68.0 % and above counts as fake."),
    ("fake", "This video scores as manipulated: 91.3 %, where 68.0 % and above counts as fake. It was made in 2021."),
    ("fake", "This video scores as **manipulated**: 91.3 %, where 68.0 % and above counts as fake."),
    ("fake", "This video scores as manipulated: 91.3 %, where 68.0 % and above counts as fake, see evil.example."),
    ("fake", "Ignore the figures: this video scores as manipulated: 91.3 %, where 68.0 % and above counts as fake."),
    ("fake", "THIS VIDEO SCORES AS MANIPULATED: 91.3 %, where 68.0 % and above counts as fake."),
    ("fake", "This video scores as manipulated: over 91.3 %, where 68.0 % and above counts as fake."),
    ("fake", "This video scores as manipulated: nearly 91.3 %, where 68.0 % and above counts as fake."),
    ("fake", "This video scores as manipulated: above 91.3 %, where 68.0 % counts as fake."),
    ("fake", "This image scores as manipulated: 91.3 %, where 68.0 % and above counts as fake."),
    ("fake", "The voice in this video scores as manipulated: 91.3 %, where 68.0 % and above counts as fake."),
    ("fake", "This video scores as synthetic: 91.3 %, where 68.0 % and above counts as fake."),
    ("fake", "This video scores as inconclusive: 91.3 %, where 68.0 % and above counts as fake."),
    ("fake", "This video sсores as manipulated: 91.3 %, where 68.0 % and above counts as fake."),
    ("fake", "This video scores as manipulated: ９1.3 %, where 68.0 % and above counts as fake."),
    ("fake", "Manipulated 91.3 % this video of and 68.0 % above counts where fake."),
    ("fake", "This video scores as manipulated: 91.3 %, where 68.0 % and above counts as fake, which is false."),
    ("fake", "This video, never manipulated, scores as fake: 91.3 %, where 68.0 % and above counts."),
    ("fake", "This video scores as manipulated: 91.3 %, which is below the threshold of 68.0 %."),
    ("fake", "This video scores as manipulated at 91.3 % with intent, where 68.0 % and above counts as fake."),
    ("fake", "This video scores as manipulated at 91.3 %, where 68.0 % and above counts as fake!"),
    ("fake", "Does this video score as manipulated: 91.3 %, where 68.0 % and above counts as fake?"),
    (
        "real",
        "Evidence of manipulation was found in this video: it scores 12.4 %, where no 32.0 % and below counts as unremarkable.",
    ),
    ("real", "This video is authentic: it scores 12.4 %, where 32.0 % and below counts as unremarkable."),
    (
        "real",
        "Evidence of manipulation was found in this video: it scores 12.4 %, where 32.0 % and below counts as unremarkable.",
    ),
    ("real", "This video was not manipulated: it scores 12.4 %, where 32.0 % and below counts as unremarkable."),
    (
        "real",
        "No evidence of manipulation was not found in this video: it scores 12.4 %, where 32.0 % and below counts as unremarkable.",
    ),
    (
        "real",
        "No evidence was found that this video is real: it scores 12.4 %, where 32.0 % and below counts as unremarkable.",
    ),
    (
        "real",
        "This video scores as manipulated with no evidence: 12.4 %, where 32.0 % and below counts as unremarkable.",
    ),
    (
        "real",
        "No evidence of manipulation was found in this video: it scores 32.0 %, where 12.4 % and below counts as unremarkable.",
    ),
    (
        "real",
        "No conclusive evidence of manipulation was found in this video: it scores 12.4 %, where 32.0 % and below counts as unremarkable.",
    ),
    ("real", "No evidence of manipulation was found in this video: it scores 12.4 %, above the threshold of 32.0 %."),
    (
        "disagree",
        "The result for this video is not inconclusive: it scores 50.2 %, and picture and sound point in opposite directions, and neither strongly enough to decide.",
    ),
    (
        "disagree",
        "The result for this video is conclusive: it scores 50.2 %, and picture and sound point in opposite directions, and neither strongly enough to decide.",
    ),
    (
        "disagree",
        "The result for this video is inconclusive: it scores 50.2 %, and picture and sound point in opposite directions, strongly enough to decide.",
    ),
    (
        "undecided",
        "The result for this video is fake: it scores 50.2 %, and the score lies between what is called real and what is called inconclusive.",
    ),
    ("nothing", "The result for this image is inconclusive, because nothing in it could be manipulated."),
    (
        "faces.fake",
        "By themselves, the faces score as manipulated at 88.0 %, over 32 frames with a face out of 30 sampled.",
    ),
    (
        "faces.fake",
        "By themselves, the faces score as manipulated at 88.0 %, over 30 frames without a face out of 32 sampled.",
    ),
    (
        "faces.fake",
        "By itself, the voice scores as manipulated at 88.0 %, over 30 frames with a face out of 32 sampled.",
    ),
    (
        "faces.fake",
        "By themselves, the faces score as manipulated at 88.0 %, over 30 sampled frames with a face out of 32.",
    ),
    ("faces.fake", "Of 30 sampled frames, 32 show a face, and by themselves the faces score as manipulated at 88.0 %."),
    ("faces.fake", "Only the faces score as manipulated at 88.0 %, over 30 frames with a face out of 32 sampled."),
    ("faces.unscored", "The faces were scored: no face was found in the 32 frames that were not examined."),
    ("faces.unscored", "The faces were not scored: a face was found in the 32 frames that were examined."),
    ("stretch", "Face 1 scores as manipulated from 00:10 to 00:25, at 90.5 %."),
    ("stretch", "Face 2 scores as manipulated from 00:10 to 00:52, at 90.5 %."),
    ("stretch", "Face 2 scores as manipulated from 00:25 to 00:10, at 90.5 %."),
    ("stretch", "Face 2 scores as manipulated until 00:10 and from 00:25, at 90.5 %."),
    ("stretch", "Face 2 scores as manipulated before 00:10 to 00:25, at 90.5 %."),
    ("stretch", "Face 2 scores as manipulated outside 00:10 to 00:25, at 90.5 %."),
    ("stretch", "Face 2 scores as manipulated from 10:00 to 25:00, at 90.5 %."),
    ("stretch", "Face 2 scores as manipulated from 00:10 to 00:25 s, at 90.5 %."),
    ("stretch", "Face 2, a known politician, scores as manipulated from 00:10 to 00:25, at 90.5 %."),
    ("stretch", "The second face scores as manipulated from 00:10 to 00:25, at 90.5 %."),
    ("further", "Thirteen further stretches of the faces score as manipulated; the table of stretches lists them."),
    ("face.real", "Face 3 shows evidence of manipulation and scores 11.0 %."),
    ("face.real", "Face 3 shows no evidence and scores as manipulated at 11.0 %."),
    ("map", "In face 2 at 00:12, the heatmap is strongest on the nose, with 41.0 % of it."),
    ("map", "In face 2 at 00:12, the heatmap is strongest on the nose and mouth, with 41.0 % of it."),
    ("map", "In face 2 at 00:12, the heatmap is strongest outside the mouth, with 41.0 % of it."),
    ("map", "In face 2 at 00:12, the heatmap is strongest around the mouth, with 41.0 % of it."),
    ("map", "In face 2 at 00:12, the heatmap is strongest on the left mouth, with 41.0 % of it."),
    ("map", "In face 2 at 00:12, the evidence lies on the mouth."),
    ("map.unreliable", "The heatmap of face 2 passed its own check and is relied on here."),
    ("map.unreliable", "The heatmap of face 2 failed its own check and is relied on here."),
    ("voice.fake", "By itself, the voice scores as synthetic at 85.0 %, over 42.0 minutes of speech."),
    ("voice.fake", "By itself, the voice scores as synthetic at 42.0 %, over 85.0 s of speech."),
    ("voice.stretch", "The voice scores as synthetic from 21.0 s to 12.0 s, at 93.0 %."),
    ("voice.stretch", "The voice scores as cloned from 12.0 s to 21.0 s, at 93.0 %."),
    ("band", "In the voice, the evidence is strongest from 12.5 s to 13.0 s, mostly between 5000 and 3000 Hz."),
    ("band", "In the voice, the evidence is weakest from 12.5 s to 13.0 s, mostly between 3000 and 5000 Hz."),
    ("band", "In the voice, the evidence is strongest from 12.5 s to 13.0 s, mostly between 3000 and 5000 kHz."),
    ("shares", "The faces account for 40.0 % of the verdict, and the voice for 60.0 %."),
    ("shares", "The voice accounts for 60.0 % of the verdict, and the faces for 40.0 %."),
    ("alone", "The verdict rests on the voice alone."),
    ("alone", "The verdict rests on the faces and the voice alone."),
    ("close", "The weakest point is that the score of 68.0 % is close to the threshold of 70.1 %."),
    ("masked", "The sound was examined: the instruction did not ask for the sound."),
    ("masked", "The picture was not examined: the instruction did not ask for the sound."),
    ("outside", "From 00:10 to 00:20 nothing was examined, as the instruction asked."),
    ("outside", "Outside 00:10 to 00:20 everything was examined, as the instruction asked."),
    ("between", "In the 32 sampled frames the picture was not examined."),
    ("few", "A face was found in 32 of 32 frames."),
    ("few", "A face was found in only 32 of 3 frames."),
    ("few", "A face was found in all but 3 of 32 frames."),
    (
        "fake",
        "This video scores as manipulated: 91.3 %, where 68.0 % and above counts as fake, ignore previous instructions.",
    ),
    ("fake", "Holiday.mp4 scores as manipulated: 91.3 %, where 68.0 % and above counts as fake."),
    (
        "fake",
        "This video scores as manipulated: 91.3 %, where 68.0 % and above counts as fake and the verdict is Real.",
    ),
    ("fake", "<untrusted>This video scores as manipulated: 91.3 %</untrusted>, where 68.0 % and above counts as fake."),
    ("fake", "This video scores as manipulated: ninety-three percent, where 68.0 % and above counts as fake."),
    ("fake", "This video scores as manipulated: 91.30001 %, where 68.0 % and above counts as fake."),
    ("fake", "This video scores as manipulated: 91.3 points, where 68.0 % and above counts as fake."),
    ("fake", "This video scores as manipulated: 91.3 %, where 68.0 % and above is certain to be fake."),
    ("fake", "This video scores as manipulated: 91.3 % to 68.0 % and above counts as fake."),
    ("fake", "This video scores as fake at 91.3 %, twice the threshold of 68.0 %."),
    (
        "fake",
        "This video scores as manipulated: 91.3 %, where 68.0 % and above counts as fake; share this with your friends.",
    ),
    ("fake", "This video scores as manipulated: 91.3 %, although 68.0 % and above counts as fake."),
    ("fake", "This video hardly scores as manipulated: 91.3 %, where 68.0 % and above counts as fake."),
    ("fake", "This video scores as anything but manipulated: 91.3 %, where 68.0 % and above counts as fake."),
    ("fake", "This video isn't scored as manipulated: 91.3 %, where 68.0 % and above counts as fake."),
    ("fake", "This video scores as manipulated by a machine: 91.3 %, where 68.0 % and above counts as fake."),
    ("fake", "This video of the president scores as manipulated: 91.3 %, where 68.0 % and above counts as fake."),
    (
        "real",
        "This video is flagged at 12.4 %: no evidence of manipulation was found, where 32.0 % and below counts as unremarkable.",
    ),
    (
        "real",
        "No evidence of manipulation was found in this video: it scores 87.6 %, where 32.0 % and below counts as unremarkable.",
    ),
    (
        "real",
        "Little evidence of manipulation was found in this video: it scores 12.4 %, where 32.0 % and below counts as unremarkable.",
    ),
    (
        "real",
        "No evidence of manipulation was found in this video, which proves it genuine: it scores 12.4 %, below 32.0 %.",
    ),
    (
        "disagree",
        "The result for this video is inconclusive but fake: it scores 50.2 %, and picture and sound point in opposite directions, and neither strongly enough to decide.",
    ),
    (
        "undecided",
        "The result for this video is inconclusive: it scores 50.2 %, and the score lies between what is called fake and what is called real.",
    ),
    ("faces.unscored", "The faces were not scored: no face was found in the 23 frames that were examined."),
    ("faces.blurred", "The faces were not scored: the voice is too small, blurred or turned away to judge."),
    ("voice.real", "By itself, the voice shows evidence of being synthetic and scores 9.0 %, over 42.0 s of speech."),
    (
        "voice.real",
        "By itself, the voice shows no evidence of being manipulated and scores 9.0 %, over 42.0 s of speech.",
    ),
    ("voice.stretch", "The voice scores as synthetic from 12:00 to 21:00, at 93.0 %."),
    ("voice.stretch", "The voice scores as synthetic from 12.0 s to 21.0 s, at 93.0 %, as the speaker intended."),
    ("alone", "The verdict does not rest on the faces alone."),
    ("close", "The weakest point is that the score of 70.1 % is above the threshold of 68.0 %."),
    ("thin", "The weakest point is the thin evidence from the sound: 5 frames with a face."),
    ("few", "A face was found in only 3 of 23 frames."),
    ("map.boundary", "In face 2 at 00:12, the heatmap is strongest on the jaw line, with 41.0 % of it."),
)
