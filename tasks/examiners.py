"""What a worker asks of a detector: to score, and to show the explainers what it saw or heard."""

from __future__ import annotations

from typing import Protocol

from core.ports import AudioDetector, VisualDetector
from explainers.targets import FaceModel, SpeechModel


class FaceExaminer(VisualDetector, FaceModel, Protocol):
    """Scores faces, and shows what it saw."""


class VoiceExaminer(AudioDetector, SpeechModel, Protocol):
    """Scores a voice, and shows what it heard."""
