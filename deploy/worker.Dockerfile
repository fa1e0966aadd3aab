# syntax=docker/dockerfile:1
# One image for every worker; the queue it serves is the command's argument.
# REQUIREMENTS=worker-gpu.txt builds the GPU variant (untested on hardware).
FROM python:3.11-slim-bookworm AS build
ARG REQUIREMENTS=worker.txt
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
COPY requirements/${REQUIREMENTS} requirements.txt
RUN python -m venv /venv && /venv/bin/pip install --no-deps --require-hashes -r requirements.txt

FROM python:3.11-slim-bookworm
RUN groupadd --gid 10001 deepwitness && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin deepwitness
ENV PATH=/venv/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp \
    CREWAI_DISABLE_TELEMETRY=true OTEL_SDK_DISABLED=true MPLCONFIGDIR=/tmp/matplotlib \
    OPENBLAS_NUM_THREADS=1 MALLOC_ARENA_MAX=2
WORKDIR /app
COPY --from=build /venv /venv
COPY core core
COPY store store
COPY egress egress
COPY prompts prompts
COPY detectors detectors
COPY explainers explainers
COPY tools tools
COPY agents agents
COPY tasks tasks
# What the detectors' evaluations found: every report repeats it.
COPY docs/evaluation docs/evaluation
USER 10001:10001
ENV QUEUES=prepare,visual,audio,explain,agents,maintenance,webhooks
HEALTHCHECK --interval=30s --timeout=20s --start-period=60s --retries=3 CMD ["python", "-m", "tasks.health"]
CMD ["sh", "-c", "exec python -m celery -A tasks.app worker --queues \"$QUEUES\" --pool threads --concurrency 2 --hostname \"worker-$QUEUES@%h\" --loglevel INFO"]
