"""Files of a cloned git repository, chosen by a rule over their paths and read without a work tree."""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Blob:
    """One file of a repository's newest commit. sha: git's own name of the content."""

    path: str
    sha: str


class Repository:
    """A cloned repository, bare or not. A context manager: leaving it ends the git process that reads."""

    def __init__(self, folder: Path) -> None:
        """folder: the clone, or its git directory.

        Raises: FileNotFoundError when there is no repository.
        """
        inner = folder / ".git"
        self._folder = inner if inner.exists() else folder
        if not (self._folder / "HEAD").exists():
            raise FileNotFoundError(f"no git repository at {folder}")
        self._reader: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._reader is not None:
            self._reader.terminate()
            self._reader.wait()
            if self._reader.stdin and self._reader.stdout:
                self._reader.stdin.close()
                self._reader.stdout.close()
            self._reader = None

    def list_blobs(self) -> tuple[Blob, ...]:
        """Every file of the newest commit, in the order of their paths."""
        listed = self._git("ls-tree", "-r", "-z", "HEAD")
        blobs = []
        for entry in listed.decode("utf-8", "surrogateescape").split("\0"):
            if not entry:
                continue
            about, path = entry.split("\t", 1)
            mode, kind, sha = about.split(" ")
            if kind == "blob" and mode != "120000":
                blobs.append(Blob(path, sha))
        return tuple(sorted(blobs, key=lambda blob: blob.path))

    def match(self, pattern: str) -> Iterator[tuple[Blob, re.Match[str]]]:
        """Files whose whole path matches a regular expression, with the match, so that its groups can be read."""
        rule = re.compile(pattern)
        for blob in self.list_blobs():
            found = rule.fullmatch(blob.path)
            if found:
                yield blob, found

    def read(self, blob: Blob) -> bytes | None:
        """The file's content; None when the clone does not carry it (large files are left out of some clones).

        Raises: ValueError when the content does not have the digest that git names it by.
        """
        if self._reader is None:
            self._reader = subprocess.Popen(  # noqa: S603
                ["git", f"--git-dir={self._folder}", "cat-file", "--batch"],  # noqa: S607
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        source, sink = self._reader.stdin, self._reader.stdout
        assert source is not None
        assert sink is not None
        source.write(blob.sha.encode() + b"\n")
        source.flush()
        head = sink.readline().split()
        if len(head) != 3 or head[1] != b"blob":
            return None
        content = sink.read(int(head[2]))
        sink.read(1)
        if len(blob.sha) == 40 and blob_digest(content) != blob.sha:
            raise ValueError(f"{blob.path} does not have the content that its digest names")
        return content

    def _git(self, *arguments: str) -> bytes:
        command = ["git", f"--git-dir={self._folder}", *arguments]
        return subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603


def blob_digest(content: bytes) -> str:
    """The name that git gives a content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def clone_repository(name: str, clones: Path) -> Path:
    """Clone the newest commit of `owner/name` on GitHub, without a work tree, into `clones/owner/name`.

    Raises: subprocess.CalledProcessError when it cannot be had.
    """
    folder = clones / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    address = f"https://github.com/{name}.git"
    subprocess.run(["git", "clone", "-q", "--bare", "--depth", "1", address, str(folder)], check=True)  # noqa: S603, S607
    return folder


def find_clone(clones: Path, name: str) -> Path | None:
    """The clone of `owner/name` in a folder of clones, however it is laid out there; None when it is absent.

    Understood are `owner/name`, `owner+name`, either with the repository in a folder `repo` beneath.
    """
    for folder in (clones / name, clones / name.replace("/", "+")):
        for place in (folder, folder / "repo"):
            if (place / "HEAD").exists() or (place / ".git").exists():
                return place
    return None
