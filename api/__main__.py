"""`python -m api --host H --port P`: serve the API; settings come from the environment."""

from __future__ import annotations

import argparse
import gc

import uvicorn

from api.http.app import create_app
from core.logging import configure_logging
from core.settings import Settings
from core.tracing import start_tracing, stop_tracing


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m api", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    arguments = parser.parse_args()
    settings = Settings()
    configure_logging(settings.log)
    start_tracing(settings.telemetry, "api")
    app = create_app(settings)
    # What is there now stays: a collection that looks through all of it holds requests up, for a tenth of a second.
    gc.collect()
    gc.freeze()
    uvicorn.run(
        app,
        host=arguments.host,
        port=arguments.port,
        log_config=None,
        access_log=False,
        server_header=False,
        # Which forwarded addresses are believed is the settings' matter, and asked where it counts.
        proxy_headers=False,
        timeout_graceful_shutdown=10,
    )
    stop_tracing()


if __name__ == "__main__":
    main()
