"""One frozen tree of settings. Nothing instantiates it on import; composition roots hand each room its branch.

Environment variables use `__` between levels: `DB__URL`, `BLOBS__ENDPOINT`, `LLM__BASE_URL`.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_KEY: Final = re.compile(r"[0-9A-Fa-f]{64}|[A-Za-z0-9+/]{43}=")
"""Of 32 bytes."""


class _Branch(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DatabaseSettings(_Branch):
    url: SecretStr
    """`postgresql+psycopg2://…`"""
    pool_size: int = Field(default=5, ge=1)


class BrokerSettings(_Branch):
    url: SecretStr
    """`redis://…`: Celery's broker, event announcements and rate limits."""


class BlobSettings(_Branch):
    endpoint: str
    """`host:port` as the servers reach it."""
    access_key: SecretStr
    secret_key: SecretStr
    secure: bool = True
    region: str = "us-east-1"
    bucket_prefix: str = "deepwitness-"
    public_endpoint: str | None = None
    """`https://host` as clients reach it; pre-signed URLs are made for it. Defaults to `endpoint`."""
    through_api: bool = False
    """Hand out addresses of files under the service's own address, which passes them on: one port for everything."""
    link_expires_s: int = Field(default=3600, ge=60, le=7 * 24 * 3600)


class LlmSettings(_Branch):
    base_url: str | None = None
    """Any OpenAI-compatible endpoint. Absent: rules and templates serve, and the report says so."""
    model: str = "local"
    api_key: SecretStr = SecretStr("unset")
    timeout_s: float = Field(default=20.0, gt=0)
    """For one call."""
    analysis_s: float = Field(default=20.0, gt=0)
    """For all calls of an analysis together, by the clock; then the rules and the template serve."""
    question_s: float = Field(default=5.0, gt=0)
    """For all calls of a question together, by the clock; then the rules serve."""
    idle_s: int = Field(default=300, ge=0)
    """Of the embedded server alone: after so long without a request the model leaves memory, and the next one loads it
    again. 0 keeps it there."""
    max_tokens: int = Field(default=512, ge=16)
    writer: Literal["template", "crew"] = "template"
    """`crew` needs the extra `crew`."""
    conversation: Literal["classify", "tools"] = "classify"
    """`tools` for a model that calls tools well; otherwise a model only sorts questions that the rules do not."""
    prompt_price: float | None = Field(default=None, ge=0)
    completion_price: float | None = Field(default=None, ge=0)
    """Of a million tokens, in whatever currency the operator counts; without them calls have no cost recorded."""


class LimitSettings(_Branch):
    max_upload_bytes: int = Field(default=2 * 1024**3, ge=1)
    max_open_uploads: int = Field(default=50, ge=1)
    """Addresses for direct uploads that one owner may hold at a time."""
    max_open_upload_bytes: int = Field(default=8 * 1024**3, ge=1)
    """What those addresses may take together."""
    min_free_bytes: int = Field(default=256 * 1024**2, ge=0)
    """Below so much free disk no upload is taken."""
    disks: tuple[str, ...] = ()
    """Folders beside the temporary one whose disks the service fills, such as that of an embedded storage."""
    max_duration_s: float = Field(default=2 * 3600.0, gt=0)
    max_pixels: int = Field(default=50_000_000, ge=1)
    """Of one frame or image: refuses decompression bombs before decoding."""
    max_streams: int = Field(default=32, ge=1)
    decode_timeout_s: float = Field(default=120.0, gt=0)
    requests_per_minute: int = Field(default=300, ge=1)
    uploads_per_hour: int = Field(default=60, ge=1)
    retention_days: int = Field(default=30, ge=0)
    """0 keeps everything."""


class SamplingSettings(_Branch):
    frame_budget: int = Field(default=32, ge=1)
    dense_frame_budget: int = Field(default=32, ge=1)
    """Further frames that one assessment may ask for."""
    chunk_frames: int = Field(default=64, ge=1)
    """Frames a visual job takes; longer samplings fan out."""


class AuthSettings(_Branch):
    enabled: bool = False
    jwt_secret: SecretStr | None = None
    jwt_algorithm: Literal["HS256", "HS512"] = "HS256"
    audience: str = "deepwitness"

    @model_validator(mode="after")
    def _has_secret(self) -> AuthSettings:
        if self.enabled and (self.jwt_secret is None or len(self.jwt_secret.get_secret_value()) < 32):
            raise ValueError("AUTH__JWT_SECRET of at least 32 characters is required when authentication is on")
        return self


class SigningSettings(_Branch):
    key: SecretStr | None = None
    """Ed25519 seed that reports are sealed with: 32 bytes in base64 or hexadecimal. Absent: reports are not signed."""

    @field_validator("key")
    @classmethod
    def _is_a_key(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and not _KEY.fullmatch(key.get_secret_value()):
            raise ValueError("SIGNING__KEY must be 32 bytes in base64 or hexadecimal")
        return key


class DeviceSettings(_Branch):
    visual: Literal["auto", "cpu", "gpu"] = "auto"
    threads: int = Field(default=2, ge=1)


class ApiSettings(_Branch):
    public_url: str = "http://127.0.0.1:8000"
    cors_origins: tuple[str, ...] = ()
    docs: bool = True
    trusted_proxies: int = Field(default=0, ge=0)
    """How many proxies stand in front; that many X-Forwarded-For entries are believed."""


class WebhookSettings(_Branch):
    key: SecretStr | None = None
    """The secrets that messages are signed with are kept sealed under it: 32 bytes in base64 or hexadecimal. Absent:
    no webhook can be made."""
    allowed_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks that are not public and may be sent to all the same, such as `["10.1.0.0/16"]`."""
    allow_http: bool = False
    """Whether addresses without TLS are accepted."""
    timeout_s: float = Field(default=15.0, gt=0, le=30)
    """For one attempt, from the name's resolution to the end of the answer."""
    keep_days: int = Field(default=30, ge=1)
    """How long ended deliveries stay in the log."""

    @field_validator("key")
    @classmethod
    def _is_a_key(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and not _KEY.fullmatch(key.get_secret_value()):
            raise ValueError("WEBHOOKS__KEY must be 32 bytes in base64 or hexadecimal")
        return key


class LinkSettings(_Branch):
    enabled: bool = False
    """Whether links are fetched that users give instead of a file. Off unless asked for: the API then connects to
    addresses that strangers choose, public ones only."""
    allowed_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks that are not public and may be fetched from all the same."""
    timeout_s: float = Field(default=60.0, gt=0, le=600)
    """For one file, from the name's resolution to its last byte, redirections included."""


class TelemetrySettings(_Branch):
    enabled: bool = False
    """Send traces; needs the extra `otel`."""
    endpoint: str = "http://127.0.0.1:4318/v1/traces"
    """OTLP over HTTP."""


class LogSettings(_Branch):
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    json_lines: bool = True


class Settings(BaseSettings):
    """The whole tree. Raises pydantic.ValidationError when the deployment is misconfigured."""

    model_config = SettingsConfigDict(env_nested_delimiter="__", frozen=True, extra="ignore")

    db: DatabaseSettings
    broker: BrokerSettings
    blobs: BlobSettings
    llm: LlmSettings = LlmSettings()
    limits: LimitSettings = LimitSettings()
    sampling: SamplingSettings = SamplingSettings()
    auth: AuthSettings = AuthSettings()
    signing: SigningSettings = SigningSettings()
    device: DeviceSettings = DeviceSettings()
    api: ApiSettings = ApiSettings()
    webhooks: WebhookSettings = WebhookSettings()
    links: LinkSettings = LinkSettings()
    telemetry: TelemetrySettings = TelemetrySettings()
    log: LogSettings = LogSettings()
    narrative_language: Literal["en", "de", "fr"] = "en"
    """Of reports whose reader asks for no language."""
    examiner: str | None = Field(default=None, max_length=200)
    """Who answers for the examinations of this service; named on the first page of a report."""
