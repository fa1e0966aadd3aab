"""A language model endpoint that answers by script, over real HTTP on the loopback."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pydantic import SecretStr

from core.settings import LlmSettings

KEY = "sk-scripted"


@dataclass(frozen=True)
class Reply:
    """What the endpoint sends back; `content` is the model's words."""

    content: str | None = None
    status: int = 200
    finish: str = "stop"
    refusal: str | None = None
    body: bytes | None = None
    wait_s: float = 0.0
    drip_s: float = 0.0
    """Pause between pieces of the body."""
    drip_head_s: float = 0.0
    """Pause between bytes of an endless header before the body."""
    usage: bool = True

    def encoded(self) -> bytes:
        if self.body is not None:
            return self.body
        if self.status != 200:
            return json.dumps({"error": {"message": "scripted fault", "type": "server_error"}}).encode()
        message = {"role": "assistant", "content": self.content, "refusal": self.refusal}
        completion: dict[str, Any] = {
            "id": "c1",
            "object": "chat.completion",
            "created": 1,
            "model": "scripted",
            "choices": [{"index": 0, "message": message, "finish_reason": self.finish, "logprobs": None}],
        }
        if self.usage:
            completion["usage"] = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
        return json.dumps(completion).encode()


Script = Callable[[dict[str, Any]], Reply]


@dataclass
class Endpoint:
    """The running server: what it was asked, and how to reach it."""

    base_url: str
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def settings(self, **changed: object) -> LlmSettings:
        return LlmSettings.model_validate(
            {"base_url": self.base_url, "model": "scripted", "api_key": SecretStr(KEY), "timeout_s": 5.0, **changed}
        )


@contextmanager
def scripted(script: Script | Sequence[Reply], models: Sequence[str] = ("first", "second")) -> Iterator[Endpoint]:
    """Serve on a free port of the loopback. A sequence of replies is used up, its last one repeated."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            listed = [{"id": name, "object": "model", "created": 1, "owned_by": "x"} for name in models]
            self._send(Reply(body=json.dumps({"object": "list", "data": listed}).encode()))

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                endpoint.requests.append(asked)
                endpoint.headers.append(dict(self.headers.items()))
                number = len(endpoint.requests) - 1
                reply = script(asked) if callable(script) else script[min(number, len(script) - 1)]
            time.sleep(reply.wait_s)
            self._send(reply)

        def _send(self, reply: Reply) -> None:
            body = reply.encoded()
            try:
                if reply.drip_head_s:
                    self.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
                    for _ in range(1000):
                        self.wfile.write(b"x")
                        time.sleep(reply.drip_head_s)
                self.send_response(reply.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                step = 16 if reply.drip_s else max(1, len(body))
                for start in range(0, len(body), step):
                    self.wfile.write(body[start : start + step])
                    self.wfile.flush()
                    time.sleep(reply.drip_s)
            except (BrokenPipeError, ConnectionResetError):
                pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    endpoint = Endpoint(f"http://127.0.0.1:{server.server_address[1]}/v1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
