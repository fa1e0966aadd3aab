"""Wrong wordings that a careful reader could miss, made by hand: the right figures and words in the wrong places."""

# ruff: noqa: E501

from __future__ import annotations

SUBTLE: tuple[tuple[str, str], ...] = (
    ("fake", "This video scores as manipulated: 91.3 %, and 68.0 % and above of it counts as fake."),
    ("fake", "This video scores 68.0 % and above as fake, where 91.3 % counts as manipulated."),
    ("fake", "Manipulated is how this video scores: 68.0 %, where 91.3 % and above counts as fake."),
    ("fake", "This video scores as fake at 91.3 %, 68.0 % above the threshold."),
    ("fake", "This video scores as fake at 91.3 %, which is above the threshold of 68.0 % and below."),
    (
        "real",
        "This video shows no evidence, and manipulation scores 12.4 %, where 32.0 % and below counts as unremarkable.",
    ),
    (
        "real",
        "No evidence of manipulation was found in this video as it scores 12.4 %, and counts where 32.0 % is below unremarkable.",
    ),
    ("stretch", "Face 2 scores as manipulated at 00:10 and at 00:25, at 90.5 %."),
    ("stretch", "Face 2 scores as manipulated from 00:10 and to 00:25, at 90.5 %."),
    ("stretch", "Face 2 scores as manipulated at 90.5 % from 00:10, till 00:25."),
    ("voice.fake", "By itself, the voice scores as synthetic at 85.0 % of speech, over 42.0 s."),
    ("voice.fake", "By itself, 42.0 s of the voice score as synthetic at 85.0 %, over speech."),
    ("voice.fake", "The voice scores as synthetic at 85.0 % by 42.0 s of speech itself."),
    ("shares", "The verdict accounts for 60.0 % of the faces, and for 40.0 % of the voice."),
    ("shares", "60.0 % of the faces is from the verdict and 40.0 % from the voice."),
    ("band", "In the voice, the evidence is strongest from 12.5 s to 13.0 s, mostly outside 3000 and 5000 Hz."),
    (
        "faces.fake",
        "By themselves, 30 faces score as manipulated at 88.0 %, over frames with a face out of 32 sampled.",
    ),
    (
        "faces.fake",
        "By themselves, the faces score as manipulated at 88.0 %, over 30 faces with a frame out of 32 sampled.",
    ),
    ("thin", "The thin evidence from the picture is the weakest point: 5 faces with a frame."),
    ("between", "Between the sampled frames the 32 pictures were not examined."),
    ("between", "Between the 32 frames the sampled picture was not examined."),
    ("masked", "The sound was not examined: the instruction did ask for the sound."),
    ("masked", "The instruction was not examined: the sound did not ask for the instruction."),
    ("outside", "Outside 00:10 to 00:20 the instruction asked nothing, as was examined."),
    (
        "disagree",
        "The result for this video is inconclusive: it scores 50.2 %, and neither picture and sound point in opposite directions strongly enough to decide.",
    ),
    ("close", "The weakest point of 68.0 % is that the score of 70.1 % is close to the threshold."),
    ("alone", "The faces rest on the verdict alone."),
    ("alone", "The verdict alone rests on the faces."),
)
