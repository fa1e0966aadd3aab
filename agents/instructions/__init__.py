"""Turns the text of an instruction into what is to be examined. These names are all that other rooms use."""

from agents.instructions.interface import (
    EVERYTHING,
    InstructionReading,
    Stretch,
    find_range,
    find_second,
    find_stretch,
    is_one_slip,
    mentions_picture,
    mentions_sound,
    plain,
    read_instruction,
)

__all__ = [
    "EVERYTHING",
    "InstructionReading",
    "Stretch",
    "find_range",
    "find_second",
    "find_stretch",
    "is_one_slip",
    "mentions_picture",
    "mentions_sound",
    "plain",
    "read_instruction",
]
