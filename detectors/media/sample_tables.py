"""How many samples the tables of an MP4 name, counted before a demuxer builds an index of them.

A table may name one and the same byte millions of times in a few bytes of its own, and an edit list may repeat all of
it. A demuxer sets aside memory for each, before anybody could ask it how many there are.
"""

from __future__ import annotations

import struct
from itertools import pairwise
from pathlib import Path
from typing import Final

from core.errors import Rejected
from detectors.media.pictures import contents
from detectors.media.stills import boxes
from detectors.media.survey import LEAST_PACKET_BYTES, MOST_PACKETS

_HELD_SAMPLES: Final = 1024
"""Sound of one tick a sample is indexed by so many of them at a time."""
_FOLDERS: Final = frozenset((b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"moof", b"traf"))
_TABLES: Final = frozenset((b"hdlr", b"stsz", b"stz2", b"stsc", b"stco", b"co64", b"stts", b"elst", b"trun"))


def refuse_endless_tables(path: Path) -> None:
    """Raises: Rejected("corrupt_media") when an MP4 names more samples than a file of its size can hold."""
    with contents(path) as content:
        most = MOST_PACKETS + len(content) // LEAST_PACKET_BYTES
        named = edited = 0
        for kind, start, end in boxes(content, 0, len(content)):
            if kind not in (b"moov", b"moof"):
                continue
            for part, first, last in boxes(content, start, end):
                if part in (b"trak", b"traf"):
                    samples, edits = _samples_of(content, first, last)
                    named, edited = named + samples, edited + samples * edits
        if max(named, edited) > most:
            raise Rejected("corrupt_media", "The file names more pieces of picture or sound than it can hold.")


def _samples_of(content: bytes, start: int, end: int) -> tuple[int, int]:
    """How many samples a track's tables name, and how many stretches its edit list."""
    tables: dict[bytes, tuple[int, int]] = {}
    fragments, folders = 0, [(start, end)]
    while folders:
        for kind, first, last in boxes(content, *folders.pop()):
            if kind in _FOLDERS:
                folders.append((first, last))
            elif kind == b"trun":
                fragments += _number(content, first + 4, last)
            elif kind in _TABLES:
                tables[kind] = first, last
    chunks = sum(_number(content, first + 4, last) for first, last in _given(tables, b"stco", b"co64"))
    sizes = sum(_number(content, first + 8, last) for first, last in _given(tables, b"stsz", b"stz2"))
    held = sum(_in_chunks(content, first, last, chunks) for first, last in _given(tables, b"stsc"))
    is_sound = any(content[first + 8 : first + 12] == b"soun" for first, _ in _given(tables, b"hdlr"))
    ticks = [content[first + 4 : first + 16] for first, _ in _given(tables, b"stts")]
    is_by_tick = is_sound and [(each[:4], each[8:]) for each in ticks] == [(b"\0\0\0\1", b"\0\0\0\1")]
    samples = chunks + held // _HELD_SAMPLES if is_by_tick else min(sizes, held)
    edits = [min(_number(content, first + 4, last), (last - first) // 12) for first, last in _given(tables, b"elst")]
    return samples + fragments, sum(edits)


def _given(tables: dict[bytes, tuple[int, int]], *kinds: bytes) -> list[tuple[int, int]]:
    return [tables[kind] for kind in kinds if kind in tables]


def _number(content: bytes, at: int, end: int) -> int:
    return int.from_bytes(content[at : at + 4], "big") if at + 4 <= end else 0


def _in_chunks(content: bytes, start: int, end: int, chunks: int) -> int:
    """Samples that the chunks hold by the table of samples in a chunk."""
    count = min(_number(content, start + 4, end), (end - start - 8) // 12)
    rows = struct.iter_unpack(">III", content[start + 8 : start + 8 + 12 * count])
    ends = [*((first, each) for first, each, _ in rows), (chunks + 1, 0)]
    return sum(max(0, min(following, chunks + 1) - first) * each for (first, each), (following, _) in pairwise(ends))
