"""What the API's tests share: an application over the real servers, tiny uploads, and a look behind the scenes."""

from __future__ import annotations

import base64
import io
import json
import struct
import subprocess
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import redis
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import text

from api.http.app import create_app
from api.http.composition import World
from core.ports import Bucket
from core.settings import Settings

TABLES = ("media", "analyses", "jobs", "events")


@dataclass(frozen=True)
class Bench:
    client: TestClient
    world: World

    def rows(self) -> dict[str, int]:
        with self.world.database.begin() as session:
            return {table: session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in TABLES}

    def originals(self) -> list[str]:
        return self.world.blobs._listed(Bucket.ORIGINALS)

    def messages(self, queue: str = "prepare") -> list[list[Any]]:
        """Arguments of the messages that wait in the broker."""
        client = redis.Redis.from_url(self.world.settings.broker.url.get_secret_value())
        raw = [json.loads(each) for each in client.lrange(queue, 0, -1)]
        client.close()
        return [json.loads(base64.b64decode(each["body"]))[0] for each in raw]

    def upload(self, content: bytes, name: str = "clip.mp4", instruction: str | None = None, **headers: str) -> Any:
        data = {} if instruction is None else {"instruction": instruction}
        return self.client.post("/v1/analyses", files={"file": (name, content)}, data=data, headers=headers)


@contextmanager
def bench_of(settings: Settings, **client: Any) -> Iterator[Bench]:
    app = create_app(settings)
    with TestClient(app, **client) as made:
        yield Bench(made, app.state.world)


@cache
def clip(seconds: float = 1.0, tone: int = 440) -> bytes:
    """A small MP4 with picture and sound; another tone is another file."""
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error",
        "-f", "lavfi", "-i", f"testsrc2=size=160x90:rate=25:duration={seconds}",
        "-f", "lavfi", "-i", f"sine=frequency={tone}:sample_rate=16000:duration={seconds}",
        "-c:v", "libx264", "-g", "25", "-pix_fmt", "yuv420p", "-c:a", "aac", "-movflags", "frag_keyframe+empty_moov",
        "-f", "mp4", "pipe:1",
    ]  # fmt: skip
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout


@cache
def indexed_clip(folder: Path) -> bytes:
    """An MP4 whose index is at its end, so that a cut makes it unreadable."""
    path = folder / "indexed.mp4"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i"]
    command += ["testsrc2=size=160x90:rate=25:duration=2", "-c:v", "libx264", "-pix_fmt", "yuv420p", str(path)]
    subprocess.run(command, check=True, timeout=60)
    return path.read_bytes()


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _png_head(side_px: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", side_px, side_px, 8, 2, 0, 0, 0))


def png_bomb() -> bytes:
    """A few bytes that declare a picture of ten gigapixels."""
    return _png_head(100_000) + _chunk(b"IDAT", zlib.compress(bytes(10_000))) + _chunk(b"IEND", b"")


def endless_chunk(kind: bytes, number: int) -> bytes:
    """A PNG of some hundred bytes with a chunk that claims almost four gigabytes; another number is another file."""
    return _png_head(64) + struct.pack(">I", 0xFFFFFFFF - number) + kind + bytes(100)


@cache
def photo_of_scans(scans: int) -> bytes:
    """A progressive JPEG of 49 megapixels that repeats its last scan so many times."""
    buffer = io.BytesIO()
    Image.new("L", (7000, 7000), 90).save(buffer, "JPEG", progressive=True)
    content = buffer.getvalue()
    last = content.rfind(b"\xff\xda")
    header = content[last : last + 2 + struct.unpack(">H", content[last + 2 : last + 4])[0]]
    return content[:-2] + (header + b"\0\0") * scans + b"\xff\xd9"


def empty_wav() -> bytes:
    """A sound file that holds no sound."""
    fields = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 16_000, 32_000, 2, 16)
    return b"RIFF" + struct.pack("<I", 36) + b"WAVE" + fields + b"data" + struct.pack("<I", 0)


def events_of(body: str) -> list[tuple[int, str, dict[str, Any]]]:
    """Id, kind and content of the events of a stream's body."""
    found = []
    for block in body.replace("\r\n", "\n").split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line and not line.startswith(":"))
        if "data" in lines:
            found.append((int(lines["id"]), lines["event"], json.loads(lines["data"])))
    return found
