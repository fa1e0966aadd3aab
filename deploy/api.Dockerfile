# syntax=docker/dockerfile:1
# The API: no TensorFlow, no LangGraph, no CrewAI.
# REQUIREMENTS=api-otel.txt builds it with OpenTelemetry; the worker has that already.
FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
ARG REQUIREMENTS=api.txt
WORKDIR /build
COPY requirements/${REQUIREMENTS} requirements.txt
RUN python -m venv /venv && /venv/bin/pip install --no-deps --require-hashes -r requirements.txt

FROM python:3.11-slim-bookworm
RUN groupadd --gid 10001 deepwitness && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin deepwitness
ENV PATH=/venv/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp
WORKDIR /app
COPY --from=build /venv /venv
COPY core core
COPY store store
COPY egress egress
COPY prompts prompts
COPY api api
# The pages that problems link to.
COPY docs/site/problems docs/site/problems
COPY tasks/__init__.py tasks/queue.py tasks/
# Untrusted media is probed in a disposable process; only the prober's files come along.
COPY detectors/__init__.py detectors/
COPY detectors/media/__init__.py detectors/media/reader.py detectors/media/probing.py detectors/media/
COPY detectors/media/pictures.py detectors/media/stills.py detectors/media/survey.py detectors/media/formats.py detectors/media/
COPY detectors/media/integrity.py detectors/media/jpegxl.py detectors/media/sample_tables.py detectors/media/
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=6 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["python", "-m", "api", "--host", "0.0.0.0", "--port", "8000"]
