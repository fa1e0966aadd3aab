"""Where honest and forged faces come from: one recipe a public source, as data.

Limits: labels follow from paths; nobody looked at every picture. Terms are what each page states.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

Label = Literal["real", "fake"]


class Framing(StrEnum):
    """What a file shows: a face that fills it, a picture with a face in it, or a film."""

    CROP = "crop"
    PICTURE = "picture"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Rule:
    """Files of one label.

    pattern: regular expression over the whole path; a named part `method` or `group` is read from the path, and a
    `group` spans what shares a person or an original. method: where the path names none. cap: files at most.
    per_group: files of one group at most.
    """

    pattern: str
    label: Label
    framing: Framing
    method: str
    cap: int = 100_000
    per_group: int = 100_000


@dataclass(frozen=True, slots=True)
class Recipe:
    """One source. frames: of each film. repository: `owner/name`, or "" for a folder of the shared data."""

    dataset: str
    repository: str
    rules: tuple[Rule, ...]
    terms: str
    traps: str = ""
    frames: int = 8


@dataclass(frozen=True, slots=True)
class SharedRecipe:
    """Pictures that already lie in the shared folder with a manifest of their own.

    folder: holds the manifest. source: its name for them. caps: files of each label. pairs: keep honest and forged
    files of the same groups.
    """

    dataset: str
    folder: str
    source: str
    real_cap: int
    fake_cap: int
    traps: str = ""


def _talking(pattern: str, method: str) -> tuple[Rule, ...]:
    return (Rule(pattern, "fake", Framing.VIDEO, method),)


SHARED_FACES: Final = (
    SharedRecipe("dfdc", "faces", "dfdc", 1_600, 1_600, "actors recur; tight, soft crops"),
    SharedRecipe("ffpp_c23", "faces", "ffpp_c23", 960, 700, "few identities"),
    SharedRecipe("ciplab", "faces", "ciplab", 550, 250, "sizes differ between the classes"),
    SharedRecipe("generated", "faces", "generated", 300, 500, "sizes, brightness and backdrop differ"),
    SharedRecipe("openforensics", "faces_more", "openforensics", 350, 350, "sharpness alone 0.69"),
)

PUBLIC_FACES: Final = (
    Recipe(
        "openforensics",
        "TaherPanbiharwala/Deepfake-Detection",
        (
            Rule(r"Dataset/Train/Real/.*\.jpg", "real", Framing.CROP, "original", cap=4_000),
            Rule(r"Dataset/Train/Fake/.*\.jpg", "fake", Framing.CROP, "gan_swap", cap=4_000),
        ),
        "LICENSE (MIT) of the repository; originals unknown",
        "sharpness alone 0.69; doubled contents; the validation folder is never read",
    ),
    Recipe(
        "resyncer",
        "guanjz20/guanjz20.github.io",
        (
            Rule(
                r"projects/ReSyncer/ours/(?P<group>set_(?!6|7)\d+)/(?:back|driving|id_driving)\.mp4",
                "real", Framing.VIDEO, "original",
            ),
            Rule(
                r"projects/ReSyncer/ours/(?P<group>set_(?!6|7)\d+)/"
                r"(?P<method>resyncer|resyncer_trans|stylesync|styleswap|styleswapsync)\.mp4",
                "fake", Framing.VIDEO, "resyncer",
            ),
            Rule(
                r"projects/TALK-Act/ours/(?P<group>set_(?!6|7)\d+)/driving\.mp4", "real", Framing.VIDEO, "original"
            ),
            Rule(
                r"projects/TALK-Act/ours/(?P<group>set_(?!6|7)\d+)/driven\d*\.mp4", "fake", Framing.VIDEO, "talk_act"
            ),
        ),
        "none stated",
        "sets 6 and 7 are left out",
    ),
    Recipe(
        "lipreading",
        "skymanaditya1/LipReadingQuiz",
        (
            Rule(
                r"media/lipreading_org_videos/(?:lipreading_missing_words|lipreading_sentences_[a-z]+|lipreading_words|"
                r"lipreading_words_quiz_original_american)/[^/]*?(?P<group>[a-z]*)\d*\.mp4",
                "real", Framing.VIDEO, "original",
            ),
            Rule(r"media/lipreading_org_videos/.*wav2lip_gan\.mp4", "fake", Framing.VIDEO, "wav2lip_gan"),
        ),
        "none stated",
        "six people; strong compression in both classes",
        frames=4,
    ),
    Recipe(
        "omi",
        "jcpeterson/omi",
        (
            Rule(r"images/(?P<group>\d+)\.jpg", "fake", Framing.PICTURE, "stylegan2_projected", cap=450),
            Rule(
                r"validation_images/(?:artificial|real)/(?P<group>[^_/]+)_.*\.jpg",
                "fake", Framing.PICTURE, "stylegan2_edited", cap=450, per_group=3,
            ),
        ),
        "CC BY-NC-SA 4.0",
        "all are generated; white backdrops",
    ),
    Recipe(
        "utkface",
        "Mohanish-5744/Major_Ensemble_Gender",
        (Rule(r"crop_part1/.*\.jpg", "real", Framing.CROP, "original", cap=800),),
        "non-commercial research",
        "soft; watermarks",
    ),
    Recipe(
        "celebv_text",
        "celebv-text/celebv-text.github.io",
        (
            Rule(
                r"static/video/(?:actions|all|details|emotion|general|light_[a-z]+)/[^/]*\.mp4",
                "real", Framing.VIDEO, "original",
            ),
        ),
        "non-commercial",
        frames=12,
    ),
    Recipe(
        "styletalk",
        "FuxiVirtualHuman/styletalk",
        (Rule(r"samples/(?:style_clips|source_video)/video/[^/]*\.mp4", "real", Framing.VIDEO, "original"),),
        "MIT",
        frames=12,
    ),
    Recipe(
        "imagintalk",
        "ImaginTalk/ImaginTalk.github.io",
        (Rule(r"data/video_results/[^/]*/[^/]*_GT\.mp4", "real", Framing.VIDEO, "original"),),
        "none stated",
        frames=12,
    ),
    Recipe(
        "vasa_emo",
        "tencent-ailab/V-Express",
        (
            Rule(
                r"test_samples/(?P<method>vasa-1|emo)/(?P<group>(?!talk_mola)[^/]*)/gt\.mp4",
                "fake", Framing.VIDEO, "vasa-1",
            ),
        ),
        "none stated",
        "named gt, yet synthetic; inset portrait: the largest face is taken",
        frames=14,
    ),
    Recipe(
        "loopy", "loopyavatar/loopyavatar.github.io",
        _talking(r"video/(?!diverse_[578]|side_1|sing_3)(?:diverse|main|realistic|side|sing)_\d+\.mp4", "loopy"),
        "none stated", "watermarks; paintings and statues are left out", frames=14,
    ),
    Recipe(
        "sonic", "jixiaozhong/jixiaozhong.github.io",
        _talking(r"Sonic/results/generated_videos/(?!anime|nonhuman|zu[nc]|diverse_6|5\.png).*\.mp4", "sonic"),
        "none stated", "watermarks; paintings and statues are left out", frames=14,
    ),
    Recipe(
        "edtalk", "tanshuai0219/EDTalk", _talking(r"res/.*\.mp4", "edtalk"), "Apache-2.0",
        "the same few people", frames=10,
    ),
    Recipe(
        "anitalker", "X-LANCE/AniTalker",
        _talking(r"outputs/(?!cartoon|statue|monalisa).*\.mp4", "anitalker"), "Apache-2.0",
        "the same few people", frames=10,
    ),
    Recipe(
        "reenactgan",
        "wywu/ReenactGAN",
        (
            Rule(r"results/real_F\d+/Image/P_(?P<group>[^_]*)_.*\.jpg", "real", Framing.CROP, "original"),
            Rule(r"results/fake_F\d+/Image/P_(?P<group>[^_]*)_.*\.jpg", "fake", Framing.CROP, "reenactgan"),
        ),
        "none stated",
        "about five people",
    ),
    Recipe(
        "portraits",
        "chandrikadeb7/Face-Mask-Detection",
        (
            Rule(
                r"dataset/without_mask/(?!augmented)(?P<group>.*?)(?:_\d+)?\.jpg",
                "real", Framing.PICTURE, "original", cap=600, per_group=4,
            ),
        ),
        "MIT",
        "small; some squeezed",
    ),
    Recipe(
        "fasseg",
        "massimomauro/FASSEG-repository",
        (
            Rule(r"V2/(?:Test|Train)_RGB/.*\.bmp", "real", Framing.PICTURE, "original"),
            Rule(r"V3/(?:Test|Train)_RGB/[+-]?(?:0|15|30|45)/.*\.bmp", "real", Framing.PICTURE, "original"),
        ),
        "none stated",
        "studio; uncompressed",
    ),
    Recipe(
        "liveness",
        "yildirimege/LivenessDataset",
        (
            Rule(r"Dataset/(?P<group>real)/.*\.jpg", "real", Framing.PICTURE, "original", cap=100),
            Rule(r"Dataset/(?P<group>fake)/.*\.jpg", "real", Framing.PICTURE, "screen_replay", cap=100),
        ),
        "none stated",
        "two men; replays on a screen are honest content",
    ),
)  # fmt: skip
