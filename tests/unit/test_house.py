"""The house rules that no linter knows: names, locks, versions, the deployment files."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "core",
    "api",
    "tasks",
    "cli",
    "agents",
    "tools",
    "detectors",
    "explainers",
    "store",
    "prompts",
    "egress",
    "training",
    "stack",
)
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
TEXT_SUFFIXES = {".py", ".toml", ".txt", ".md", ".yml", ".yaml", ".cfg", ".sh", ".Dockerfile", ""}


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name]


def test_no_dependency_installs_a_package_named_like_a_room() -> None:
    taken = {
        Path(file).parts[0]: distribution.metadata["Name"]
        for distribution in distributions()
        for file in distribution.files or ()
        if len(Path(file).parts) > 1 and Path(file).parts[0] in ROOMS
    }
    assert taken == {}


def test_every_room_is_a_package_and_no_subfolder_is_named_after_a_room() -> None:
    for room in ROOMS:
        assert (ROOT / room / "__init__.py").exists(), room
        nested = [path for path in (ROOT / room).rglob("*") if path.is_dir() and path.name in ROOMS]
        assert nested == [], room


def test_the_version_is_written_once_and_repeated_truly() -> None:
    from core.version import VERSION

    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert declared == VERSION


def test_new_weights_mean_a_new_pipeline_version() -> None:
    from core.version import MODELS
    from detectors.model_files import digest_weights, list_weights

    assert digest_weights(list_weights()) == MODELS, "write this into core/version.py"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_locks_are_hashed_and_carry_no_address(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    pins = re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==", text, re.MULTILINE)
    assert len(pins) > 50
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text)
    unhashed = [block.splitlines()[0] for block in blocks if "==" in block and "--hash=sha256:" not in block]
    assert unhashed == []


def test_the_api_lock_holds_no_model_framework() -> None:
    text = (ROOT / "requirements" / "api.txt").read_text()
    for name in ("tensorflow", "keras", "langgraph", "langchain", "crewai", "shap"):
        assert not re.search(rf"^{name}", text, re.MULTILINE), name


def test_locks_agree_on_versions() -> None:
    versions: dict[str, set[str]] = {}
    for lock in LOCKS:
        if lock.name == "worker-gpu.txt":
            continue
        for name, version in re.findall(r"^([A-Za-z0-9_.-]+)==([^ ;\\]+)", lock.read_text(), re.MULTILINE):
            versions.setdefault(name, set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_no_file_names_a_package_registry() -> None:
    pattern = re.compile(r"(index|registry|find-links)[A-Za-z_-]*\"?[ =:\"]+https?://", re.IGNORECASE)
    offenders = []
    for path in tracked_files():
        is_text = path.suffix in TEXT_SUFFIXES and path.is_file() and path != Path(__file__)
        if is_text and pattern.search(path.read_text(errors="ignore")):
            offenders.append(path.name)
    assert offenders == []


def test_the_repository_stays_light() -> None:
    total = sum(path.stat().st_size for path in tracked_files() if path.is_file())
    assert total < 60 * 1024**2


def test_the_compose_file_follows_the_specification() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_images_pass_the_linter() -> None:
    hadolint = Path(sys.executable).parent / "hadolint"
    files = [str(path) for path in sorted((ROOT / "deploy").glob("*.Dockerfile"))]
    checked = subprocess.run([str(hadolint), *files], cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_compose_references_exist_and_no_secret_has_a_default() -> None:
    import yaml

    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    services = compose["services"]
    for name, service in services.items():
        for other in service.get("depends_on", {}):
            assert other in services, (name, other)
        for network in service.get("networks", []):
            assert network in compose["networks"], (name, network)
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in compose["volumes"] or source.startswith(("$", ".", "/")), (name, volume)
        if "build" in service:
            assert (ROOT / service["build"]["dockerfile"]).exists()
    text = (ROOT / "docker-compose.yml").read_text()
    for variable in re.findall(r"\$\{([A-Z_]*(?:PASSWORD|SECRET)[A-Z_]*)([^}]*)\}", text):
        assert variable[1].startswith(":?"), variable


def test_what_the_manual_says_can_be_set_can_be_set_under_compose() -> None:
    """By its own name in `.env`: only the servers, which compose starts itself, and the secrets are set for good."""
    import yaml

    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    manual = (ROOT / "docs" / "site" / "operating.md").read_text()
    named = re.findall(r"`([A-Z]+__[A-Z_]+)`", manual)
    servers = {"DB__URL", "BROKER__URL", "BLOBS__ENDPOINT", "BLOBS__ACCESS_KEY", "BLOBS__SECRET_KEY"}
    secrets = {"AUTH__JWT_SECRET", "SIGNING__KEY", "WEBHOOKS__KEY"}
    assert {"LIMITS__RETENTION_DAYS", "API__PUBLIC_URL", "LLM__BASE_URL"} <= set(named)
    for service in ("api", "worker-agents", "worker-webhooks", "worker-visual"):
        assert services[service]["env_file"] == [{"path": ".env", "required": False}]
        for name in set(named) - servers - secrets:
            pinned = services[service]["environment"].get(name)
            assert pinned is None or pinned.startswith("${" + name + ":-"), name


READERS_OF_WORDS = {"find_stretch", "read_instruction", "read_question", "Question", "told", "offered"}
WORDS_OF_A_REQUEST = {"instruction", "text", "words", "stretch"}


def worded_by_code(tree: ast.AST) -> Iterator[int]:
    """Lines that hand a sentence of the code's own to what reads requests."""

    made = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.JoinedStr)
        for target in node.targets
        if isinstance(target, ast.Name)
    }

    def is_worded(value: ast.expr) -> bool:
        if isinstance(value, ast.Name):
            return value.id in made
        return isinstance(value, ast.JoinedStr) or (
            isinstance(value, ast.Constant) and isinstance(value.value, str) and " " in value.value
        )

    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            given = [each.value for each in node.keywords if each.arg == "instruction"]
            if name in READERS_OF_WORDS:
                given += node.args
                given += [each.value for each in node.keywords if each.arg in WORDS_OF_A_REQUEST]
            yield from (each.lineno for each in given if is_worded(each))


def test_no_code_words_a_request_for_other_code_to_parse() -> None:
    assert list(worded_by_code(ast.parse('start(instruction=f"Check {part}")'))) == [1]
    assert list(worded_by_code(ast.parse('asked = f"Check {part}"\nProposal(instruction=asked)'))) == [2]
    assert list(worded_by_code(ast.parse('testimony.told("faces", f"face {n}")'))) == [1]
    found = {
        str(path.relative_to(ROOT)): lines
        for room in ROOMS
        if room not in ("training", "stack")
        for path in sorted((ROOT / room).rglob("*.py"))
        if (lines := list(worded_by_code(ast.parse(path.read_text()))))
    }
    assert found == {}, "build a core.types.Scope instead"


def test_every_file_an_image_copies_exists() -> None:
    for dockerfile in (ROOT / "deploy").glob("*.Dockerfile"):
        for line in dockerfile.read_text().splitlines():
            match = re.match(r"COPY (?!--from)(.+) \S+$", line)
            for source in match.group(1).split() if match else []:
                if "$" not in source:
                    assert (ROOT / source).exists(), f"{dockerfile.name}: {source}"


def test_generated_secrets_fill_every_required_variable() -> None:
    printed = subprocess.run(
        [sys.executable, str(ROOT / "deploy" / "make-secrets")], capture_output=True, text=True, check=True
    ).stdout
    given = {line.partition("=")[0]: line.partition("=")[2] for line in printed.splitlines()}
    required = set(re.findall(r"\$\{([A-Z_]+):\?", (ROOT / "docker-compose.yml").read_text()))
    assert required == set(given)
    assert all(len(value) >= 12 for value in given.values())
    assert len(set(given.values())) == len(given)
