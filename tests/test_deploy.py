"""What operators are handed: pins, settings, unit and image agree with the project and with each other."""

import configparser
import json
import re
import shutil
import subprocess
import sys
import tomllib
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from threading import Thread

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from bot.errors import CommandError, RejectedError, SettingsError
from bot.lanes import _DRAIN
from bot.settings import PREFIX, Settings, variable
from bot.watchdog import _STALLED
from bot.web import _GRACE

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
RUNTIME, BUILD = "requirements.txt", "build-requirements.txt"
WANTED = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["web"]
ASKED_BY_PROJECT = "quoth (pyproject.toml)"  #: how the resolver notes it

PIN = re.compile(r"([a-z0-9-]+)==(\S+)(?: +--hash=sha256:[0-9a-f]{64})+")
ASKED_BY = re.compile(r"^([a-z0-9-]+)==[^#]+# via (.+)$", re.MULTILINE)
EXAMPLE = re.compile(r"^# (.+)\n#?(QUOTH_\w+)=(.*)$", re.MULTILINE)

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here; Debian's package systemd has it"
)


def deployed(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


# The pins


def pins(file: str) -> dict[str, str]:
    """The version of each library; a line that is not a pin with its hashes fails."""
    logical = deployed(file).replace("\\\n", " ").splitlines()
    lines = [line for line in logical if line.strip() and not line.lstrip().startswith("#")]
    found = {line: PIN.fullmatch(line) for line in lines}
    assert [line for line, pin in found.items() if pin is None] == []
    return {pin[1]: pin[2] for pin in found.values() if pin}


def asked(requirements: list[str] | None) -> dict[str, SpecifierSet]:
    """Which versions of which libraries a list of requirements asks for, here and without extras."""
    parsed = map(Requirement, requirements or [])
    return {canonicalize_name(r.name): r.specifier for r in parsed if not r.marker or r.marker.evaluate({"extra": ""})}


def unmet(wanted: dict[str, SpecifierSet], pinned: dict[str, str]) -> list[str]:
    return [
        f"{name}{versions}, pinned: {pinned.get(name)}"
        for name, versions in wanted.items()
        if name not in pinned or pinned[name] not in versions
    ]


def needs(name: str, version: str) -> dict[str, SpecifierSet]:
    """What a library asks for; nothing is known of one that is not installed in this very version."""
    try:
        installed = distribution(name)
    except PackageNotFoundError:
        return {}
    return asked(installed.requires) if installed.version == version else {}


@pytest.mark.parametrize("file", [RUNTIME, BUILD])
def test_a_file_of_pins_has_a_hash_for_each_and_names_no_address_and_no_path_of_a_machine(file: str) -> None:
    assert pins(file)
    assert "://" not in deployed(file)
    assert re.findall(r"(?<!\S)/\S+", deployed(file)) == []


@pytest.mark.parametrize(
    ("file", "wanted"),
    [(RUNTIME, WANTED), (BUILD, PROJECT["build-system"]["requires"])],
)
def test_the_pins_are_in_the_ranges_that_the_project_asks_for(file: str, wanted: list[str]) -> None:
    assert unmet(asked(wanted), pins(file)) == []


@pytest.mark.parametrize("file", [RUNTIME, BUILD])
def test_what_a_pinned_library_needs_is_pinned_too(file: str) -> None:
    pinned = pins(file)

    assert {name: missing for name in pinned if (missing := unmet(needs(name, pinned[name]), pinned))} == {}


def test_nothing_is_pinned_that_neither_the_project_nor_a_pinned_library_asks_for() -> None:
    askers = {name: by.split(", ") for name, by in ASKED_BY.findall(deployed(RUNTIME))}

    assert askers.keys() == pins(RUNTIME).keys()
    assert {name for name, by in askers.items() if ASKED_BY_PROJECT in by} == asked(WANTED).keys()
    assert {asker for by in askers.values() for asker in by} <= {*askers, ASKED_BY_PROJECT}


# The settings


def test_the_example_lists_every_setting_with_its_description() -> None:
    listed = [(name, description) for description, name, _ in EXAMPLE.findall(deployed(".env.example"))]

    assert listed == [(variable(name), field.description) for name, field in Settings.model_fields.items()]


def test_the_example_holds_the_defaults_and_can_be_used_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text(re.sub(f"^#(?={PREFIX})", "", deployed(".env.example"), flags=re.MULTILINE), "utf-8")

    settings = Settings.load()

    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    shown = {name: default for name, default in defaults.items() if default is not None and default != frozenset()}
    assert {name: getattr(settings, name) for name in shown} == shown


def test_no_value_of_the_example_means_something_else_to_systemd_or_docker() -> None:
    values = [value for _, _, value in EXAMPLE.findall(deployed(".env.example"))]

    assert [value for value in values if set(value) & set(" \"'#$\\")] == []


@pytest.mark.parametrize("file", sorted(path.name for path in DEPLOY.iterdir() if path.is_file()))
def test_every_setting_that_is_named_for_operators_exists(file: str) -> None:
    named = set(re.findall(rf"{PREFIX}[A-Z_]+", deployed(file)))

    assert named <= {variable(name) for name in Settings.model_fields}


# The unit


def service() -> configparser.SectionProxy:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.read_string(deployed("quoth.service"))
    return unit["Service"]


def installed_unit(folder: Path) -> Path:
    """A copy of the unit whose command exists, as it does on a server."""
    command = folder / "quoth"
    command.touch(mode=0o755)
    unit = folder / "quoth.service"
    unit.write_text(deployed("quoth.service").replace("ExecStart=/opt/quoth/bin/quoth ", f"ExecStart={command} "))
    return unit


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", "--no-pager", *arguments], capture_output=True, text=True, check=False, timeout=60
    )


@needs_systemd
def test_systemd_finds_nothing_to_say_against_the_unit(tmp_path: Path) -> None:
    done = analyze("verify", "--man=no", "--recursive-errors=no", installed_unit(tmp_path))

    # An unknown key is reported, and yet the status is 0. Other units of the machine may have faults of their own.
    assert [line for line in (done.stdout + done.stderr).splitlines() if "quoth" in line] == []
    assert done.returncode == 0


@needs_systemd
def test_systemd_rates_the_exposure_of_the_unit_at_two_of_ten_or_less(tmp_path: Path) -> None:
    done = analyze("security", "--offline=yes", "--threshold=20", installed_unit(tmp_path))

    assert done.returncode == 0, done.stdout


def test_the_unit_starts_again_after_a_failure_unless_a_setting_or_the_folder_is_wrong() -> None:
    final = service()["RestartPreventExitStatus"].split()

    assert service()["Restart"] == "on-failure"
    assert {str(SettingsError.status), str(CommandError.status)} == set(final)
    assert str(RejectedError.status) not in final


def test_the_unit_runs_without_rights_and_keeps_what_it_writes_to_itself() -> None:
    promised = {
        "User": "quoth",
        "StateDirectory": "quoth",
        "StateDirectoryMode": "0700",
        "UMask": "0077",
        "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": "",
        "ProtectSystem": "strict",
        "PrivateTmp": "yes",
        "MemoryDenyWriteExecute": "yes",
    }

    assert {key: service()[key] for key in promised} == promised


def seconds(key: str) -> int:
    found = re.fullmatch(r"(\d+)s", service()[key])
    assert found
    return int(found[1])


def test_systemd_is_told_that_the_bot_lives_and_leaves_it_the_time_to_end() -> None:
    assert (service()["Type"], service()["NotifyAccess"]) == ("notify", "main")
    assert service()["TimeoutStartSec"] == "infinity"  # Telegram may be down for long
    assert seconds("WatchdogSec") > _STALLED  # the bot's own thread goes first: it knows which update to blame
    assert seconds("TimeoutStopSec") > max(10, _DRAIN + _GRACE)


# The image


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile, an instruction with its arguments each."""
    lines = [line for line in deployed("Dockerfile").splitlines() if not line.startswith("#")]
    logical = "\n".join(lines).replace("\\\n", " ").splitlines()
    return [(line.split()[0], " ".join(line.split()[1:])) for line in logical if line.strip()]


def given(instruction: str) -> list[str]:
    return [arguments for name, arguments in instructions() if name == instruction]


def test_the_image_runs_the_bot_as_a_numbered_user_who_is_not_root() -> None:
    assert [int(part) > 0 for part in given("USER")[-1].split(":")] == [True, True]
    assert given("ENTRYPOINT") == ['["quoth"]']
    assert given("CMD") == ['["run"]']
    assert given("STOPSIGNAL") == ["SIGTERM"]


@pytest.mark.parametrize(("status", "ended"), [(200, 0), (503, 1)])
def test_the_health_check_of_the_image_goes_by_the_status_of_the_health_page(status: int, ended: int) -> None:
    (_, _, command) = given("HEALTHCHECK")[0].partition("CMD ")
    asked = []

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Page) as page:
        serving = Thread(target=page.handle_request)
        serving.start()
        listen = {"QUOTH_LISTEN": f"0.0.0.0:{page.server_port}"}
        done = subprocess.run(
            [sys.executable, *json.loads(command)[1:]], capture_output=True, env=listen, check=False, timeout=60
        )
        serving.join()
    assert asked == ["/healthz"]
    assert done.returncode == ended


def test_the_image_listens_where_its_health_check_asks() -> None:
    assert "QUOTH_LISTEN=127.0.0.1:8080" in " ".join(given("ENV"))
    assert json.loads(given("HEALTHCHECK")[0].partition("CMD ")[2])[0] == "python"


def test_the_image_installs_pinned_libraries_by_their_hashes_and_nothing_on_top() -> None:
    commands = [command for run in given("RUN") for command in run.split(" && ") if command.startswith("pip ")]
    hashed = [command for command in commands if "--require-hashes" in command]

    assert [command.rpartition(" -r ")[2] for command in hashed] == [f"deploy/{RUNTIME}", f"deploy/{BUILD}"]
    assert [command for command in commands if command not in hashed and "--no-deps" not in command] == []


def test_both_stages_of_the_image_have_one_python_that_the_project_supports() -> None:
    bases = {arguments.split()[0] for arguments in given("FROM")}

    version = re.fullmatch(r"python:(3\.\d+)-slim", bases.pop())
    assert bases == set()
    assert version
    assert version[1] in SpecifierSet(PROJECT["project"]["requires-python"])
    assert f"Programming Language :: Python :: {version[1]}" in PROJECT["project"]["classifiers"]


def test_the_context_of_the_image_is_what_the_image_copies() -> None:
    copied = {
        source for copy in given("COPY") if not copy.startswith("--from") for source in copy.rpartition(" ")[0].split()
    }
    let_in = {line[1:] for line in deployed("Dockerfile.dockerignore").splitlines() if line.startswith("!")}

    assert let_in == copied
    assert [source for source in copied if not (ROOT / source).exists()] == []
