"""The embedded servers themselves: kept data, one launcher, no orphans, no root needed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

import psycopg2
import pytest
import redis

from core.ports import Bucket
from core.settings import BlobSettings
from stack.launcher import running_stack
from stack.process import StackError
from stack.supervisor import Supervisor
from store.blobs import MinioBlobStore

ROOT = Path(__file__).resolve().parents[2]


def connect(url: str) -> psycopg2.extensions.connection:
    connection = psycopg2.connect(url.replace("+psycopg2", ""))
    connection.autocommit = True
    return connection


NOBODY_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}


def runs_for_nobody(interpreter: str) -> bool:
    """Whether an ordinary user can run this interpreter, it is of our version, and our files are within reach."""
    check = (
        f"import os, sys; sys.exit(sys.version_info[:3] != {sys.version_info[:3]} or not os.access({str(ROOT)!r}, 5))"
    )
    try:
        done = subprocess.run([interpreter, "-c", check], env=NOBODY_ENVIRONMENT, user=65534, group=65534, cwd="/")
    except (PermissionError, FileNotFoundError):
        return False
    return done.returncode == 0


def is_running(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_data_outlives_a_restart_and_passwords_stay(tmp_path: Path) -> None:
    root = tmp_path / "stack"
    with running_stack(root, services=("postgres",)) as first:
        with connect(first.variables["DB__URL"]) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE kept (word text)")
            cursor.execute("INSERT INTO kept VALUES ('still here')")
        with pytest.raises(StackError, match="another process"), running_stack(root, services=("postgres",)):
            pass
    assert not any(is_running(pid) for pid in first.pids.values())
    assert (root / "secrets.json").stat().st_mode & 0o077 == 0
    with (
        running_stack(root, services=("postgres",)) as second,
        connect(second.variables["DB__URL"]) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT word FROM kept")
        assert cursor.fetchone() == ("still here",)


def test_servers_end_with_a_launcher_that_was_killed(tmp_path: Path) -> None:
    marker = tmp_path / "pids"
    script = (
        "import pathlib, sys, time\n"
        "from stack.launcher import running_stack\n"
        "with running_stack(pathlib.Path(sys.argv[1])) as stack:\n"
        "    pathlib.Path(sys.argv[2]).write_text(' '.join(map(str, stack.pids.values())))\n"
        "    time.sleep(60)\n"
    )
    arguments = [sys.executable, "-c", script, str(tmp_path / "stack"), str(marker)]
    launcher = subprocess.Popen(arguments, env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        deadline = time.monotonic() + 60
        while not (marker.exists() and marker.read_text()):
            assert launcher.poll() is None, "the launcher ended"
            assert time.monotonic() < deadline
            time.sleep(0.1)
    finally:
        launcher.send_signal(signal.SIGKILL)
        launcher.wait()
    pids = [int(pid) for pid in marker.read_text().split()]
    assert len(pids) == 3
    deadline = time.monotonic() + 20
    while any(is_running(pid) for pid in pids):
        assert time.monotonic() < deadline, "a server outlived its launcher"
        time.sleep(0.1)


def test_servers_that_are_killed_come_back_on_their_ports_with_their_data(tmp_path: Path) -> None:
    told: list[tuple[str, bool]] = []
    with running_stack(tmp_path / "stack") as stack:
        given = stack.variables
        blobs = MinioBlobStore(
            BlobSettings.model_validate(
                {
                    "endpoint": given["BLOBS__ENDPOINT"],
                    "access_key": given["BLOBS__ACCESS_KEY"],
                    "secret_key": given["BLOBS__SECRET_KEY"],
                    "secure": False,
                }
            )
        )
        blobs.ensure_buckets()
        supervisor = Supervisor(stack.kept, lambda name, since: told.append((name, since is None)))
        supervisor.begin()
        with connect(given["DB__URL"]) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE kept (word text)")
            cursor.execute("INSERT INTO kept VALUES ('still here')")
        redis.Redis.from_url(given["BROKER__URL"]).set("word", "still here")
        blobs.put_bytes(Bucket.OUTPUTS, "word", b"still here", "text/plain")
        for pid in stack.pids.values():
            os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 90
        while sum(is_back for _, is_back in told) < 3:
            assert time.monotonic() < deadline, told
            time.sleep(0.1)
        assert supervisor.away() == {}
        with connect(given["DB__URL"]) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT word FROM kept")
            assert cursor.fetchone() == ("still here",)
        assert redis.Redis.from_url(given["BROKER__URL"]).get("word") == b"still here"
        assert blobs.get_bytes(Bucket.OUTPUTS, "word") == b"still here"
        supervisor.end()
        stack.kept[0].process.stop()
    assert {name for name, is_back in told if not is_back} == {each.process.name for each in stack.kept}


def test_servers_listen_on_loopback_only_and_ask_for_passwords(tmp_path: Path) -> None:
    with running_stack(tmp_path / "stack") as stack:
        listening = set()
        for table in ("/proc/net/tcp", "/proc/net/tcp6"):
            for line in Path(table).read_text().splitlines()[1:]:
                address, state = line.split()[1], line.split()[3]
                if state == "0A":
                    host, port = address.split(":")
                    listening.add((host, int(port, 16)))
        for name, value in stack.variables.items():
            if name in ("DB__URL", "BROKER__URL", "BLOBS__ENDPOINT"):
                port = int(value.rpartition(":")[2].partition("/")[0])
                hosts = {host for host, number in listening if number == port}
                assert hosts == {"0100007F"}, name
        without = stack.variables["DB__URL"].replace("+psycopg2", "")
        scheme, _, rest = without.partition("://")
        with pytest.raises(psycopg2.OperationalError):
            psycopg2.connect(f"{scheme}://{rest.partition(':')[0]}:wrong@{rest.partition('@')[2]}")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become an ordinary user; every other run is one already")
def test_an_ordinary_user_can_run_the_stack() -> None:
    root = Path(tempfile.mkdtemp(prefix="deepwitness-user-"))
    os.chown(root, 65534, 65534)
    script = (
        "import os, pathlib, sys\n"
        "from stack.launcher import running_stack\n"
        "assert os.geteuid() == 65534\n"
        "with running_stack(pathlib.Path(sys.argv[1])) as stack:\n"
        "    print(len(stack.pids))\n"
    )
    interpreter = next((each for each in (sys.executable, "/usr/bin/python3") if runs_for_nobody(each)), None)
    if interpreter is None:
        pytest.skip("no interpreter of this version is within another user's reach here")
    packages = sysconfig.get_path("purelib")
    try:
        done = subprocess.run(
            [interpreter, "-c", script, str(root / "stack")],
            env={
                **NOBODY_ENVIRONMENT,
                "PATH": f"{sysconfig.get_path('scripts')}:/usr/bin:/bin",
                "PYTHONPATH": f"{ROOT}:{packages}",
                "HOME": str(root),
            },
            user=65534,
            group=65534,
            extra_groups=(),
            cwd=root,
            capture_output=True,
            text=True,
            timeout=120,
        )
    finally:
        shutil.rmtree(root, ignore_errors=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "3"
