"""Recipes of public faces, what is read from repositories, repetitions, and the chain of degradations."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest

from core.media import RgbImage
from training.data.degradation import VIDEO_CODECS, VideoCodec, draw_chain, draw_tightening, film_picture
from training.data.duplicates import find_duplicates, hash_picture
from training.data.face_recipes import PUBLIC_FACES, Recipe
from training.data.manifest import FaceRow, read_manifest, write_manifest
from training.data.repository import Blob, Repository, find_clone
from training.data.voices import PoolRow
from training.voice.data.pool import Voice


def picture(seed: int, side: int = 160) -> RgbImage:
    noise = np.random.default_rng(seed).integers(0, 256, (12, 12, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(noise, (side, side), interpolation=cv2.INTER_CUBIC), np.uint8)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "owner+name"
    (folder / "faces").mkdir(parents=True)
    (folder / "faces" / "one.jpg").write_bytes(b"first")
    (folder / "faces" / "two words.jpg").write_bytes(b"second\n")
    (folder / "notes.txt").write_bytes(b"")
    for command in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"]):
        subprocess.run(["git", "-C", str(folder), *command], check=True)
    return folder


def test_files_are_chosen_by_their_whole_path(clone: Path) -> None:
    with Repository(clone) as repository:
        found = [(blob.path, match["name"]) for blob, match in repository.match(r"faces/(?P<name>.*)\.jpg")]
        assert found == [("faces/one.jpg", "one"), ("faces/two words.jpg", "two words")]
        assert list(repository.match("faces")) == []


def test_contents_are_read_in_any_order(clone: Path) -> None:
    with Repository(clone) as repository:
        blobs = {blob.path: blob for blob in repository.list_blobs()}
        assert repository.read(blobs["faces/two words.jpg"]) == b"second\n"
        assert repository.read(blobs["notes.txt"]) == b""
        assert repository.read(blobs["faces/one.jpg"]) == b"first"


def test_a_content_that_the_clone_lacks_is_none(clone: Path) -> None:
    with Repository(clone) as repository:
        assert repository.read(Blob("gone.mp4", "0" * 40)) is None
        assert repository.read(repository.list_blobs()[0]) == b"first"


def test_a_folder_without_a_repository_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Repository(tmp_path)


def test_clones_are_found_by_either_layout(clone: Path, tmp_path: Path) -> None:
    assert find_clone(tmp_path, "owner/name") == clone
    assert find_clone(tmp_path, "owner/other") is None


@pytest.mark.parametrize("recipe", PUBLIC_FACES, ids=lambda recipe: str(recipe.dataset))
def test_every_rule_is_a_pattern(recipe: Recipe) -> None:
    for rule in recipe.rules:
        re.compile(rule.pattern)


@pytest.mark.parametrize(
    ("repository", "path"),
    [
        ("TaherPanbiharwala/Deepfake-Detection", "Dataset/Validation/Fake/fake_1.jpg"),
        ("guanjz20/guanjz20.github.io", "projects/ReSyncer/ours/set_6/resyncer.mp4"),
        ("guanjz20/guanjz20.github.io", "projects/ReSyncer/ours/set_7_crop/back.mp4"),
        ("tencent-ailab/V-Express", "test_samples/short_case/10/gt.mp4"),
        ("tencent-ailab/V-Express", "test_samples/emo/talk_mola/gt.mp4"),
        ("celebv-text/celebv-text.github.io", "static/video/results/a.mp4"),
        ("chandrikadeb7/Face-Mask-Detection", "dataset/without_mask/augmented_image_1.jpg"),
        ("skymanaditya1/LipReadingQuiz", "media/lipread_words/a.mp4"),
    ],
)
def test_what_must_be_left_out_matches_no_rule(repository: str, path: str) -> None:
    rules = [rule for recipe in PUBLIC_FACES if recipe.repository == repository for rule in recipe.rules]
    assert rules
    assert not any(re.fullmatch(rule.pattern, path) for rule in rules)


def test_the_speaker_of_a_clip_is_its_group() -> None:
    rule = next(r for r in PUBLIC_FACES if r.dataset == "lipreading").rules[0]
    match = re.fullmatch(rule.pattern, "media/lipreading_org_videos/lipreading_words/he_was.hurt.jen1.mp4")
    assert match is not None
    assert match["group"] == "jen"


def test_a_manifest_reads_back_as_written(tmp_path: Path) -> None:
    row = FaceRow("a/1.png", "fake", "a", "swap, odd", "g", "v", "o/n:x.mp4", "0" * 64, 'terms "as" stated')
    write_manifest([row], tmp_path / "manifest.csv", FaceRow)
    assert read_manifest(tmp_path / "manifest.csv", FaceRow) == (row,)


def test_numbers_and_flags_of_a_manifest_read_back_as_such(tmp_path: Path) -> None:
    clips = [Voice("a.flac", "pool", False, "page", "human", ""), Voice("b.flac", "pool", True, "page", "s", "codec")]
    write_manifest(clips, tmp_path / "voices.csv", Voice)
    assert read_manifest(tmp_path / "voices.csv", Voice) == tuple(clips)
    pooled = PoolRow("a.flac", "real", "s", "human", "f", 2.25, 8000, 1, "0" * 64, "", "MIT")
    write_manifest([pooled], tmp_path / "pool.csv", PoolRow)
    assert read_manifest(tmp_path / "pool.csv", PoolRow) == (pooled,)


def test_a_manifest_of_other_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.csv").write_text("path,label\na,real\n")
    with pytest.raises(ValueError, match="columns"):
        read_manifest(tmp_path / "manifest.csv", FaceRow)


def test_a_recoded_copy_is_a_repetition() -> None:
    first, other = picture(1), picture(2)
    _, encoded = cv2.imencode(".jpg", cv2.resize(first, (90, 90)), [cv2.IMWRITE_JPEG_QUALITY, 60])
    copy = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)
    hashes = np.stack([hash_picture(image) for image in (first, other, copy)])
    assert find_duplicates(hashes, ["real"] * 3, ["a", "b", "c"]).tolist() == [False, False, True]
    assert not find_duplicates(hashes, ["real", "real", "fake"], ["a", "b", "c"]).any()
    assert not find_duplicates(hashes, ["real"] * 3, ["a", "b", "a"]).any()
    assert find_duplicates(hashes, ["real"] * 3, ["a", "b", "a"], hashes[1:2]).tolist() == [False, True, False]


def test_one_chain_does_the_same_to_every_picture() -> None:
    image = picture(3, 288)
    for seed in range(25):
        chain = draw_chain(np.random.default_rng(seed))
        first = chain(image)
        assert first.dtype == np.uint8
        assert first.shape[0] == first.shape[1]
        assert np.array_equal(first, chain(image))


@pytest.mark.parametrize("codec", VIDEO_CODECS, ids=lambda codec: str(codec.encoder))
def test_every_video_codec_gives_the_picture_back(codec: VideoCodec) -> None:
    image = picture(4, 96)
    coded = film_picture(image, codec, codec.finest, (1, -1))
    assert coded.shape == image.shape
    assert np.abs(coded.astype(int) - image).mean() < 12


def test_a_tightened_picture_keeps_its_middle() -> None:
    image = picture(5, 200)
    cut, off = draw_tightening(np.random.default_rng(0))(image, 100.0)
    assert np.array_equal(cut, image[off : 200 - off, off : 200 - off])
    assert 95 <= cut.shape[0] <= 136
