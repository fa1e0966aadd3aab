"""The store on real servers: units of work, leases, retention, blobs."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from core.errors import Rejected, Unavailable
from core.jobs import ANSWER, DELIVER, EXAMINE_VOICE
from core.ports import Bucket
from core.settings import BlobSettings, DatabaseSettings, Settings
from core.types import AFTERWARDS, AnalysisStatus, Failure, JobSpec, JobStatus, Outcome, Scope, Stage, TimeRange
from store.accounts import ApiKeyRepository, UserRepository, admit_key
from store.blobs import PART_BYTES, MinioBlobStore, signing_moment
from store.casefile import PostgresCaseFile, PostgresEventLog
from store.conversations import ConversationRepository
from store.database import Database
from store.ledger import PostgresJobLedger
from store.migrations import check, downgrade, upgrade
from store.repositories import AnalysisRepository, MediaRepository, new_id
from store.retention import FEW, delete_analysis, remove_orphans, sweep
from tests.fixtures.reports import faces, media, report_of, track

LEASE_S = 30.0
FORMER = """
INSERT INTO users (id, subject) VALUES ('us_1', 'ann');
INSERT INTO media (id, owner_id, sha256, size_bytes, kind, info, original_key)
    VALUES ('md_1', 'us_1', 'ab', 1, 'audio', '{}', 'md_1/original');
INSERT INTO analyses (id, owner_id, media_id, file_name, instruction, instruction_sha256, pipeline_version, status)
    VALUES ('an_1', 'us_1', 'md_1', 'a.wav', '', '', '1', 'running');
INSERT INTO jobs (id, analysis_id, wave, task, payload, status, attempts, updated_at)
    VALUES ('an_1:2:audio.detect', 'an_1', 2, 'audio.detect', '{"range_s": [1, 2.5]}', 'submitted', 0,
    now() - interval '1 minute');
INSERT INTO conversations (id, owner_id, last_turn) VALUES ('cv_1', 'us_1', 3);
INSERT INTO turns (conversation_id, number, text, status, attempts, worker, lease_until)
    VALUES ('cv_1', 1, 'Why?', 'answering', 2, 'killed', now()), ('cv_1', 2, 'When?', 'waiting', 0, NULL, NULL),
    ('cv_1', 3, 'Where?', 'answered', 1, NULL, NULL);
INSERT INTO webhooks (id, owner_id, url, notices, description, is_active, secret)
    VALUES ('wh_1', 'us_1', 'https://example.org/', '[]', '', true, 'whsec_AAAA');
INSERT INTO deliveries (id, webhook_id, notice, body, status, attempts, begun, next_attempt_at)
    VALUES ('msg_1', 'wh_1', 'webhook.test', '{}', 'pending', '[]', 3, now() + interval '1 hour'),
    ('msg_2', 'wh_1', 'webhook.test', '{}', 'delivered', '[]', 1, NULL)
"""
"""Rows as version 0006 of the database holds them."""


@dataclass(frozen=True)
class Store:
    database: Database
    blobs: MinioBlobStore
    case: PostgresCaseFile
    ledger: PostgresJobLedger
    events: PostgresEventLog

    def analysis(self, owner: str = "ann", instruction: str = "") -> str:
        """A fresh upload and its analysis."""
        with self.database.begin() as session:
            owner_id = UserRepository(session).ensure(owner)
            digest = hashlib.sha256(new_id("x").encode()).hexdigest()
            info = media(10.0).model_copy(update={"sha256": digest})
            media_id = new_id("md")
            stored = MediaRepository(session).add(owner_id, media_id, info, f"{media_id}/original")
            made, is_new = AnalysisRepository(session).add(
                owner_id=owner_id,
                media_id=stored.id,
                file_name="clip.mp4",
                instruction=instruction,
                pipeline_version="1",
            )
        assert is_new
        self.blobs.put_bytes(Bucket.ORIGINALS, stored.original_key, b"original", "video/mp4")
        return made.id


@pytest.fixture(scope="module")
def store(settings: Settings) -> Iterator[Store]:
    database = Database(settings.db)
    yield Store(
        database,
        MinioBlobStore(settings.blobs),
        PostgresCaseFile(database),
        PostgresJobLedger(database),
        PostgresEventLog(database),
    )
    database.dispose()


def job(analysis_id: str, task: str, wave: int = 2) -> JobSpec:
    return JobSpec(id=f"{analysis_id}:{wave}:{task}", analysis_id=analysis_id, wave=wave, task=task)


# ------------------------------------------------------------------------------------------------ schema


def test_models_and_migrations_agree_and_go_both_ways(settings: Settings, store: Store) -> None:
    url = settings.db.url.get_secret_value()
    check(url)
    with store.database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("CREATE DATABASE there_and_back"))
    other = url.rpartition("/")[0] + "/there_and_back"
    upgrade(other)
    downgrade(other, "base")
    upgrade(other)
    check(other)


def test_open_work_of_the_former_version_is_carried_over(settings: Settings, store: Store) -> None:
    with store.database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("CREATE DATABASE former"))
    url = settings.db.url.get_secret_value().rpartition("/")[0] + "/former"
    upgrade(url, "0006_scope")
    former = Database(DatabaseSettings.model_validate({"url": url}))
    with former.begin() as session:
        for statement in FORMER.strip().split(";\n"):
            session.connection().exec_driver_sql(statement)
    upgrade(url)
    ledger = PostgresJobLedger(former)
    now = datetime.now(UTC)
    found = {job.spec.id: job for job in ledger.take_unsent(now)}
    assert set(found) == {"an_1:2:audio.detect", "agents.answer:cv_1:1", "agents.answer:cv_1:2"}
    assert EXAMINE_VOICE.read(found["an_1:2:audio.detect"].spec).range_s == TimeRange(start_s=1, end_s=2.5)
    assert ANSWER.read(found["agents.answer:cv_1:2"].spec).number == 2
    claimed = ledger.claim("agents.answer:cv_1:1", "w", LEASE_S)
    assert claimed is not None
    assert claimed.attempts == 3, "two were begun before"
    delivery = "webhooks.deliver:msg_1:1"
    assert ledger.claim(delivery, "w", LEASE_S) is None, "it is not due yet"
    with former.begin() as session:
        due_at = session.execute(text("SELECT due_at FROM jobs WHERE id = :id"), {"id": delivery}).scalar_one()
        told = session.execute(text("SELECT next_attempt_at FROM deliveries WHERE id = 'msg_1'")).scalar_one()
        session.execute(text("UPDATE jobs SET due_at = now()"))
    assert due_at == told
    attempted = ledger.claim(delivery, "w", LEASE_S)
    assert attempted is not None
    assert attempted.attempts == 4
    assert DELIVER.read(attempted.spec).delivery_id == "msg_1"
    downgrade(url, "0006_scope")
    with former.begin() as session:
        jobs = session.scalars(text("SELECT id FROM jobs")).all()
        turns = session.execute(text("SELECT status, attempts FROM turns ORDER BY number")).all()
    assert jobs == ["an_1:2:audio.detect"]
    assert turns == [("answering", 0), ("waiting", 0), ("answered", 0)]
    former.dispose()


# ------------------------------------------------------------------------------------------------ requests


def test_the_same_request_is_one_analysis_however_many_ask_at_once(store: Store) -> None:
    with store.database.begin() as session:
        owner_id = UserRepository(session).ensure("crowd")
        stored = MediaRepository(session).add(owner_id, new_id("md"), media(3.0), f"{new_id('md')}/original")

    def ask(number: int) -> tuple[str, bool]:
        scope = Scope(effort="quick") if number % 2 else None
        with store.database.begin() as session:
            found, is_new = AnalysisRepository(session).add(
                owner_id=owner_id,
                media_id=stored.id,
                file_name="a.mp4",
                instruction="x",
                scope=scope,
                pipeline_version="1",
            )
            assert found.scope == scope
            return found.id, is_new

    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(ask, range(10)))
    assert len({found for found, _ in answers}) == 2, "one without a scope and one with it"
    assert sum(is_new for _, is_new in answers) == 2


def test_others_analyses_do_not_exist(store: Store) -> None:
    analysis_id = store.analysis("ann")
    with store.database.begin() as session:
        stranger = UserRepository(session).ensure("bob")
        with pytest.raises(Rejected) as refused:
            AnalysisRepository(session).get(analysis_id, stranger)
    assert refused.value.code == "analysis_not_found"


def test_api_keys_are_kept_as_digests_and_expire(store: Store) -> None:
    with store.database.begin() as session:
        user = UserRepository(session).ensure("keyholder")
        keys = ApiKeyRepository(session)
        key = keys.create(user, "laptop")
        old = keys.create(user, "old", expires_at=datetime.now(UTC) - timedelta(seconds=1))
        admitted = admit_key(session.connection(), key)
        assert admitted is not None
        assert admitted.owner_id == user
        assert admit_key(session.connection(), old) is None
        assert admit_key(session.connection(), key + "x") is None
        kept = session.execute(text("SELECT * FROM api_keys")).all()
    assert key not in str(kept)


# ------------------------------------------------------------------------------------------------ ledger


def test_one_worker_claims_a_job(store: Store) -> None:
    spec = job(store.analysis(), "visual.detect")
    store.ledger.open([spec])
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda n: store.ledger.claim(spec.id, f"worker-{n}", LEASE_S), range(8)))
    assert sum(claim is not None for claim in claims) == 1


def test_exactly_one_job_of_a_wave_is_the_last(store: Store) -> None:
    analysis_id = store.analysis()
    specs = [job(analysis_id, f"visual.part{number}") for number in range(6)]
    store.ledger.open(specs)
    store.ledger.open(specs)
    for spec in specs:
        assert store.ledger.claim(spec.id, spec.id, LEASE_S) is not None
    start = threading.Barrier(len(specs))

    def end(spec: JobSpec) -> bool:
        start.wait()
        if spec.task.endswith("3"):
            return store.ledger.fail(spec.id, spec.id, Failure(code="x", message="x"))
        return store.ledger.finish(spec.id, spec.id, {"ok": True})

    with ThreadPoolExecutor(len(specs)) as pool:
        last = list(pool.map(end, specs))
    assert sum(last) == 1
    assert store.ledger.finish(specs[0].id, specs[0].id, {}) is False


def test_what_waits_in_a_long_queue_is_sent_again_once_in_a_while_and_not_by_everybody(store: Store) -> None:
    spec = job(store.analysis(), "audio.detect")
    store.ledger.open([spec])
    time.sleep(0.05)
    now = datetime.now(UTC)
    assert spec.id in {found.spec.id for found in store.ledger.take_unsent(now)}
    assert spec.id not in {found.spec.id for found in store.ledger.take_unsent(now)}
    assert spec.id in {found.spec.id for found in store.ledger.take_unsent(datetime.now(UTC))}


def test_an_expired_lease_is_found_and_the_late_worker_ends_nothing(store: Store) -> None:
    spec = job(store.analysis(), "audio.detect")
    store.ledger.open([spec])
    assert store.ledger.claim(spec.id, "killed", 0.05) is not None
    time.sleep(0.1)
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    assert spec.id in {found.spec.id for found in store.ledger.take_unsent(long_ago)}
    assert spec.id not in {found.spec.id for found in store.ledger.take_unsent(long_ago)}, "one worker sends it"
    again = store.ledger.claim(spec.id, "second", LEASE_S)
    assert again is not None
    assert again.attempts == 2
    assert store.ledger.extend(spec.id, "killed", LEASE_S) is False
    assert store.ledger.finish(spec.id, "killed", {}) is False
    assert store.ledger.finish(spec.id, "second", {}) is True


def test_a_job_after_the_report_has_a_lease_and_is_found_when_its_worker_dies(store: Store) -> None:
    analysis_id = store.analysis()
    spec = JobSpec(id=f"{analysis_id}:later", analysis_id=analysis_id, wave=AFTERWARDS, task="explain.again")
    ordinary = job(analysis_id, "visual.detect")
    store.ledger.open([spec, ordinary])
    with store.database.begin() as session:
        session.execute(text("UPDATE analyses SET status = 'finished' WHERE id = :id"), {"id": analysis_id})
    assert store.ledger.claim(ordinary.id, "w", LEASE_S) is None, "the work before the report is over"
    assert store.ledger.claim(spec.id, "killed", 0.05) is not None
    time.sleep(0.1)
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    assert spec.id in {found.spec.id for found in store.ledger.take_unsent(long_ago)}
    again = store.ledger.claim(spec.id, "second", LEASE_S)
    assert again is not None
    assert again.attempts == 2
    assert store.ledger.extend(spec.id, "second", LEASE_S) is True
    store.ledger.finish(spec.id, "second", {"seconds": 1.0})
    assert store.ledger.of_analysis(analysis_id, AFTERWARDS)[0].status is JobStatus.DONE
    assert analysis_id not in {found.spec.analysis_id for found in store.ledger.stalled(datetime.now(UTC))}


def test_an_advance_that_died_before_it_said_that_the_report_is_there_is_found(store: Store) -> None:
    analysis_id = store.analysis()
    spec = JobSpec(id=f"{analysis_id}:7:agents.advance", analysis_id=analysis_id, wave=7, task="agents.advance")
    store.ledger.open([spec])
    assert store.ledger.claim(spec.id, "killed", 0.05) is not None
    with store.database.begin() as session:
        session.execute(text("UPDATE analyses SET status = 'finished' WHERE id = :id"), {"id": analysis_id})
    time.sleep(0.1)
    assert spec.id in {found.spec.id for found in store.ledger.take_unsent(datetime.now(UTC) - timedelta(hours=1))}
    assert store.ledger.claim(spec.id, "second", LEASE_S) is not None
    store.ledger.finish(spec.id, "second", {})
    later = datetime.now(UTC) + timedelta(hours=1)
    assert spec.id not in {found.spec.id for found in store.ledger.take_unsent(later)}
    assert analysis_id not in {found.spec.analysis_id for found in store.ledger.stalled(later)}


def test_a_deleted_analysis_takes_its_jobs_with_it(store: Store) -> None:
    analysis_id = store.analysis()
    spec = job(analysis_id, "visual.detect")
    store.ledger.open([spec])
    assert store.ledger.claim(spec.id, "w", LEASE_S) is not None
    delete_analysis(store.database, store.blobs, analysis_id, owner_id=None, actor_id="test")
    assert store.ledger.extend(spec.id, "w", LEASE_S) is False
    assert store.ledger.finish(spec.id, "w", {}) is False


# ------------------------------------------------------------------------------------------------ case file


def test_a_report_comes_back_as_it_was_and_ends_the_analysis(store: Store) -> None:
    analysis_id = store.analysis()
    store.case.set_stage(analysis_id, Stage.PREPARE)
    report, _ = report_of(Outcome.REAL, (faces(0.1, (track(1, 0, 9, 0.1),)),))
    report = report.model_copy(update={"analysis_id": analysis_id})
    store.case.save_report(analysis_id, report)
    assert store.case.report(analysis_id) == report
    assert store.case.analysis(analysis_id).status is AnalysisStatus.FINISHED


def test_events_are_numbered_without_gaps_under_concurrency(store: Store) -> None:
    analysis_id = store.analysis()
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda n: store.events.append(analysis_id, "stage", f"step {n}"), range(24)))
    told = store.events.after(analysis_id, 0)
    assert [event.id for event in told] == list(range(1, 25))
    assert [event.id for event in store.events.after(analysis_id, 20)] == [21, 22, 23, 24]


# ------------------------------------------------------------------------------------------------ retention, blobs


def test_deleting_leaves_nothing_but_the_audit(store: Store) -> None:
    analysis_id = store.analysis()
    key = store.case.original_key(analysis_id)
    for bucket in (Bucket.FRAMES, Bucket.AUDIO, Bucket.OUTPUTS):
        store.blobs.put_bytes(bucket, f"{analysis_id}/one", b"1", "text/plain")
    delete_analysis(store.database, store.blobs, analysis_id, owner_id=None, actor_id="test")
    assert store.blobs.stat(Bucket.ORIGINALS, key) is None
    for bucket in (Bucket.FRAMES, Bucket.AUDIO, Bucket.OUTPUTS):
        assert store.blobs.stat(bucket, f"{analysis_id}/one") is None
    with store.database.begin() as session:
        audited = session.execute(
            text("SELECT action FROM audit WHERE subject_id = :id"), {"id": analysis_id}
        ).scalar_one()
    assert audited == "analysis.deleted"


def test_two_deletions_at_once_leave_no_file_to_each_other(store: Store) -> None:
    """Two analyses of one file: whichever goes last takes it along."""
    for _ in range(5):
        first = store.analysis()
        key = store.case.original_key(first)
        with store.database.begin() as session:
            made = {"first": first}
            owner_id, media_id = session.execute(
                text("SELECT owner_id, media_id FROM analyses WHERE id = :first"), made
            ).one()
            twin, _ = AnalysisRepository(session).add(
                owner_id=owner_id, media_id=media_id, file_name="x", instruction="voice only", pipeline_version="1"
            )

        def remove(analysis_id: str) -> None:
            delete_analysis(store.database, store.blobs, analysis_id, owner_id=None, actor_id="test")

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(remove, (first, twin.id)))
        assert store.blobs.stat(Bucket.ORIGINALS, key) is None


def test_objects_that_no_row_names_are_removed_and_no_others(store: Store) -> None:
    kept = store.analysis()
    key = store.case.original_key(kept)
    store.blobs.put_bytes(Bucket.OUTPUTS, f"{kept}/report.json", b"1", "text/plain")
    lost = {Bucket.FRAMES: "an_gone/1.png", Bucket.ORIGINALS: "uploads/us_1/up_1", Bucket.AUDIO: "an_late/a.wav"}
    for bucket, name in lost.items():
        store.blobs.put_bytes(bucket, name, b"1", "text/plain")
    assert remove_orphans(store.database, store.blobs) == 0, "they may still be on their way into a row"
    later = datetime.now(UTC) + timedelta(minutes=5)
    assert remove_orphans(store.database, store.blobs, later) >= len(lost)
    for bucket, name in lost.items():
        assert store.blobs.stat(bucket, name) is None
    assert store.blobs.stat(Bucket.ORIGINALS, key) is not None
    assert store.blobs.stat(Bucket.OUTPUTS, f"{kept}/report.json") is not None
    assert remove_orphans(store.database, store.blobs, later) == 0


def test_a_database_that_knows_nothing_of_the_storage_has_nothing_removed(store: Store) -> None:
    remove_orphans(store.database, store.blobs, datetime.now(UTC) + timedelta(minutes=5))
    names = [f"an_other{number}/1.png" for number in range(FEW + 5)]
    for name in names:
        store.blobs.put_bytes(Bucket.FRAMES, name, b"1", "text/plain")
    assert remove_orphans(store.database, store.blobs, datetime.now(UTC) + timedelta(minutes=5)) == 0
    assert all(store.blobs.stat(Bucket.FRAMES, name) for name in names)
    for name in names:
        store.blobs.delete(Bucket.FRAMES, name)


def test_retention_removes_what_is_old_and_nothing_else(store: Store) -> None:
    old, young = store.analysis(), store.analysis()
    with store.database.begin() as session:
        long_ago = {"id": old, "then": datetime.now(UTC) - timedelta(days=40)}
        aged = "UPDATE analyses SET created_at = :then, finished_at = :then, status = 'finished' WHERE id = :id"
        session.execute(text(aged), long_ago)
    assert sweep(store.database, store.blobs, 0) == ()
    assert sweep(store.database, store.blobs, 30) == (old,)
    with pytest.raises(Rejected):
        store.case.analysis(old)
    assert store.case.analysis(young).id == young


def test_everybody_may_have_less_kept_and_nobody_more(store: Store) -> None:
    owners = {"brief": 5, "long": 90, "none": None}
    ids = {}
    with store.database.begin() as session:
        for name, days in owners.items():
            owner = UserRepository(session).ensure(f"retention-{name}")
            UserRepository(session).keep_for(owner, days)
            assert UserRepository(session).retention_days(owner) == days
            conversation = ConversationRepository(session).create(owner)
            ids[name] = (owner, conversation.id)
    made = {name: store.analysis() for name in owners}
    moment = datetime.now(UTC) - timedelta(days=10)
    with store.database.begin() as session:
        for name, (owner, conversation_id) in ids.items():
            given = {"id": made[name], "owner": owner, "then": moment, "talk": conversation_id}
            aged = "UPDATE analyses SET owner_id = :owner, created_at = :then, status = 'finished' WHERE id = :id"
            session.execute(text(aged), given)
            session.execute(text("UPDATE conversations SET created_at = :then WHERE id = :talk"), given)

    def left() -> set[str]:
        with store.database.begin() as session:
            kept = set(session.scalars(text("SELECT id FROM analyses")))
            talks = set(session.scalars(text("SELECT id FROM conversations")))
        both = {name for name, each in made.items() if each in kept}
        assert both == {name for name, (_, talk) in ids.items() if talk in talks}
        return both

    assert sweep(store.database, store.blobs, 0) == (made["brief"],)
    assert left() == {"long", "none"}
    assert sweep(store.database, store.blobs, 30) == ()
    assert set(sweep(store.database, store.blobs, 7)) == {made["long"], made["none"]}
    assert left() == set()


def test_files_of_several_parts_and_expiring_links(store: Store, tmp_path: Path) -> None:
    content = bytes(range(256)) * 40_000
    source, target = tmp_path / "file", tmp_path / "back"
    source.write_bytes(content)
    assert store.blobs.upload(Bucket.ORIGINALS, "big/original", source).size_bytes == len(content) > PART_BYTES
    store.blobs.download(Bucket.ORIGINALS, "big/original", target)
    assert target.read_bytes() == content
    assert b"".join(store.blobs.open_range(Bucket.ORIGINALS, "big/original", 5, 10)) == content[5:15]
    link = store.blobs.presign_get(Bucket.ORIGINALS, "big/original", 60)
    assert httpx.get(link).content == content
    assert httpx.get(link.partition("?")[0]).status_code == 403
    brief = store.blobs.presign_get(Bucket.ORIGINALS, "big/original", 1)
    time.sleep(2.2)
    assert httpx.get(brief).status_code == 403


def test_servers_that_are_away_are_unavailable_not_defects() -> None:
    database = Database(DatabaseSettings.model_validate({"url": "postgresql+psycopg2://nobody:none@127.0.0.1:9/none"}))
    with pytest.raises(Unavailable):
        database.ping()
    blobs = MinioBlobStore(
        BlobSettings.model_validate({"endpoint": "127.0.0.1:9", "access_key": "a", "secret_key": "b", "secure": False})
    )
    with pytest.raises(Unavailable):
        blobs.ping()


def test_links_stay_the_same_for_half_their_life() -> None:
    early, late = datetime(2026, 1, 1, 10, 0, 1, tzinfo=UTC), datetime(2026, 1, 1, 10, 29, 59, tzinfo=UTC)
    assert signing_moment(3600, early) == signing_moment(3600, late) == datetime(2026, 1, 1, 10, 0, tzinfo=UTC)
    assert signing_moment(3600, late + timedelta(seconds=1)) == datetime(2026, 1, 1, 10, 30, tzinfo=UTC)
