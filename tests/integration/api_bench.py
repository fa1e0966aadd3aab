"""What the API's tests share: an application over the real servers, tiny uploads, and a look behind the scenes."""

from __future__ import annotations

import base64
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


def png_bomb() -> bytes:
    """A few bytes that declare a picture of ten gigapixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(bytes(10_000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


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
