"""`inloop up` and the commands beside it, as a person at a terminal has them."""

import http.cookiejar
import os
import signal
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.mqtt import BrokerAddress, Link
from tests.support.brokers import require_mosquitto
from tests.support.databases import RunningPostgres
from tests.support.up import Up, alive, eventually, facts, inloop

pytestmark = [pytest.mark.xdist_group("up"), pytest.mark.timeout(180)]
REPOSITORY = Path(__file__).parents[2]
ALMELO = REPOSITORY / "examples" / "almelo"
LOAD = ("--programme", str(ALMELO / "programme.yaml"), "--people", str(ALMELO / "people.csv"))


@pytest.fixture(scope="module", params=["mosquitto", "embedded"])
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """One `up` in real time with the example's people, on each broker."""
    if request.param == "mosquitto":
        require_mosquitto()
    up = Up(tmp_path_factory.mktemp("data"), *LOAD, "--broker", request.param)
    try:
        yield up.wait_ready()
    finally:
        up.stop()


@pytest.fixture
def starting(tmp_path: Path) -> Iterator[list[Up]]:
    """A list for what a test starts; all of it is stopped afterwards."""
    started: list[Up] = []
    yield started
    for up in started:
        up.stop(signal.SIGTERM)


def test_ready_is_one_line_and_each_link_signs_in(running: Up) -> None:
    """After `ready` there is a link for each role, and a browser that follows it sees the page."""
    assert [line for line in running.lines if line.startswith("ready")] == [f"ready http://127.0.0.1:{running.port}"]
    links = running.links()
    assert list(links) == ["organiser", "coordinator", "host", "viewer"]
    for link in links.values():
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        with browser.open(link, timeout=30) as page:
            assert page.status == 200
            assert "token=" not in page.url


def test_headcount_is_the_same_in_the_terminal_and_over_http(running: Up) -> None:
    """312 people are registered, whoever asks."""
    token = inloop("token", "viewer", data=running.data).stdout.strip()
    told, asked = facts("headcount", data=running.data), running.get("/api/v1/headcount", token)
    assert told["registered"] == asked["registered"] == 312
    assert told["places"] == asked["places"]
    table = inloop("headcount", data=running.data).stdout
    assert "Grote Kerk" in table
    assert "312" in table


@pytest.mark.parametrize("moment", ["2099-01-01T12:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_moment_that_is_still_to_come_is_not_counted(running: Up, moment: str) -> None:
    """Nobody knows who will be where; the remedy is in the line."""
    done = inloop("headcount", "--at", moment, data=running.data)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"inloop: --at {moment} is still to come (it is 20")
    assert done.stderr.endswith("use a moment of the past, or leave --at out for now\n")


def test_a_moment_of_the_past_is_counted(running: Up) -> None:
    """The day of the programme has passed in real time."""
    assert facts("headcount", "--at", "12:05", data=running.data)["at"] == "2024-01-11T11:05:00.000Z"


@pytest.mark.parametrize("scope", ["nowhere", "", "t1"])
def test_a_token_for_no_place_is_refused(running: Up, scope: str) -> None:
    """A scope is a location, a room or a run of the programme."""
    done = inloop("token", "host", "--scope", "grote-kerk", "--scope", scope, data=running.data)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"inloop: --scope {scope}: there is no such place: ")
    assert inloop("token", "host", "--scope", "grote-kerk", data=running.data).returncode == 0


def test_a_token_stands_alone_on_standard_output(running: Up) -> None:
    """A script can take it as it is, and it is good at both services."""
    done = inloop("token", "organiser", data=running.data)
    assert (done.stdout.count("\n"), done.stderr) == (1, "")
    token = done.stdout.strip()
    assert running.get("/transport/api/v1/transfers/t1", token)


def test_a_scanner_that_is_added_may_connect_at_once(running: Up) -> None:
    """What `scanner add` prints is what a device needs, also while everything runs."""
    told = facts("scanner", "add", "kerk-9", "--checkpoint", "grote-kerk-in", data=running.data)
    assert told["port"] == running.mqtt_port
    address = BrokerAddress(told["host"], told["port"], username=told["user"], password=told["password"])

    def connects() -> bool:
        link = Link(address, client_id="kerk-9")
        link.start()
        try:
            return link.wait_connected(1)
        finally:
            link.stop()

    eventually(connects, "the new scanner connects")


def test_a_scanner_at_no_checkpoint_is_refused_with_what_was_meant(running: Up) -> None:
    """A mistyped checkpoint is said in one line, with the likely one."""
    done = inloop("scanner", "add", "kerk-9", "--checkpoint", "grote-kerk-inn", data=running.data)
    assert done.returncode == 1
    assert done.stderr == "inloop: there is no checkpoint grote-kerk-inn: did you mean grote-kerk-in?\n"


@pytest.mark.parametrize("scanner", ["bad id/+#", "../../../../x", "transport"])
def test_a_scanner_with_an_id_that_cannot_be_is_refused_in_a_line(running: Up, scanner: str) -> None:
    """Nothing of it is kept: no secret, no row, no message."""
    before = set((running.data / "secrets").rglob("*"))
    done = inloop("scanner", "add", scanner, "--checkpoint", "grote-kerk-in", data=running.data)
    assert done.returncode == 1
    assert done.stderr.startswith("inloop: ")
    assert done.stderr.count("\n") == 1
    assert set((running.data / "secrets").rglob("*")) == before


def test_a_second_up_on_the_same_folder_names_the_first(running: Up, starting: list[Up]) -> None:
    """The folder and the process are said, and nothing of the first is disturbed."""
    second = Up(running.data, *LOAD)
    starting.append(second)
    assert second.process.wait(30) == 1
    second.stop()
    assert second.lines == [
        f"inloop: the data folder {running.data} is in use by process {running.process.pid}: "
        "stop that `inloop up`, or use --data"
    ]


def test_a_second_up_on_the_same_port_says_so(running: Up, starting: list[Up], tmp_path: Path) -> None:
    """The port and the option to change it are said."""
    second = Up(tmp_path, *LOAD, ports=(running.port, running.mqtt_port))
    starting.append(second)
    assert second.process.wait(30) == 1
    second.stop()
    assert second.lines[-1].startswith(f"inloop: port {running.port} is taken: use --port")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("checkin-ingest", "-m checkin ingest"),
        ("transport-ingest", "-m transport ingest"),
        ("web", "-m gunicorn"),
        ("broker", "mosquitto.conf|shared.broker embedded"),
    ],
)
def test_a_process_that_is_killed_is_back_by_itself(running: Up, name: str, words: str) -> None:
    """kill -9 of any child, and a moment later everything answers again with another process."""
    token = inloop("token", "viewer", data=running.data).stdout.strip()
    killed = running.pids()[name]
    assert killed in running.running(words)
    os.kill(killed, signal.SIGKILL)
    eventually(lambda: not alive(killed) and running.running(words) != set(), "another one runs")

    def ready() -> bool:
        try:
            return all(running.get(path, token) is not None for path in ("/readyz", "/transport/readyz"))
        except OSError:
            return False

    eventually(ready, "everything is ready again")


def test_a_process_that_keeps_dying_is_said_once(running: Up) -> None:
    """What is started again and again is named in a line, with the end of its log."""
    words = "-m transport ingest"
    for _ in range(4):
        eventually(lambda: running.running(words) != set(), "one runs")
        for pid in running.running(words):
            os.kill(pid, signal.SIGKILL)
            eventually(lambda pid=pid: not alive(pid), "it is dead")  # type: ignore[misc] # a lambda's default

    def said() -> list[str]:
        return [line for line in running.lines if line.startswith("! transport-ingest keeps ending")]

    eventually(lambda: said() != [], "it is said")
    assert len(said()) == 1


def test_people_with_mistakes_are_listed_and_change_nothing(running: Up, tmp_path: Path) -> None:
    """Each mistake has its line, column and remedy; the headcount stays."""
    path = tmp_path / "people.csv"
    path.write_text("name,groups,email\nAn Jansen,no-such-group,\n,,not-an-address\n")
    done = inloop("load", "people", str(path), data=running.data)
    lines = done.stderr.splitlines()
    assert done.returncode == 1
    assert lines[0].startswith("inloop: people.csv:2:2 groups:")
    assert lines[-1] == "inloop: nothing was loaded: correct the file and load it again"
    assert len(lines) == 4
    assert facts("headcount", data=running.data)["registered"] == 312


def test_people_are_loaded_while_it_runs(running: Up, tmp_path: Path) -> None:
    """Loading the same list again changes nothing, and says so."""
    report = facts("load", "people", str(ALMELO / "people.csv"), data=running.data)
    assert (report["new"], report["unchanged"]) == (0, 312)


def test_badges_are_printed_for_everybody(running: Up, tmp_path: Path) -> None:
    """The sheet is there while everything runs; the reader of it is in the unit tests."""
    told = facts("badges", "--out", str(tmp_path / "badges.pdf"), data=running.data)
    assert told["badges"] == 312
    assert (tmp_path / "badges.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("up", "--simulate", "0"), 2, "--simulate 0: use a speed above 0"),
        (("up", "--simulate", "60", "--no-simulate"), 2, "do not go together"),
        (("up", "--broker", "rabbit"), 2, "--broker rabbit: use auto"),
        (("up", "--broker", "embedded", "--host", "0.0.0.0"), 1, "no passwords"),  # noqa: S104 # refused
        (("up",), 2, "no programme is loaded yet"),
        (("token", "king"), 2, "king is not a role: use viewer"),
        (("headcount",), 1, "no programme is loaded yet"),
        (("up", "--database", "postgresql+psycopg://127.0.0.1:1/none", *LOAD), 1, "the database does not answer"),
        (("up", "--database", "mysql://x"), 1, "INLOOP_DATABASE"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(arguments: tuple[str, ...], code: int, text: str, tmp_path: Path) -> None:
    """What is wrong and what to do, without a traceback, and the exit code says whose mistake it was."""
    done = inloop(*arguments, data=tmp_path)
    assert done.returncode == code, done.stderr
    assert text in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["checkin.db", "transport.db"])
def test_a_damaged_database_is_one_line_with_the_remedy(tmp_path: Path, name: str) -> None:
    """No traceback: what is damaged and what to do."""
    (tmp_path / name).write_bytes(b"this was a database " * 1000)
    told = [inloop("up", *LOAD, data=tmp_path)]
    told += [inloop("headcount", data=tmp_path)] if name == "checkin.db" else []
    for done in told:
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
        assert done.stderr.startswith("inloop: the database is damaged (file is not a database): put a backup of ")


@pytest.mark.parametrize(
    "arguments",
    [["up"], ["load"], ["load", "people"], ["token"], ["scanner", "add"], ["badges"], ["headcount"], []],
    ids=" ".join,
)
def test_every_command_explains_itself(arguments: list[str], tmp_path: Path) -> None:
    """`--help` ends with something to type."""
    done = inloop(*arguments, "--help", data=tmp_path)
    assert done.returncode == 0
    assert "inloop up" in done.stdout or f"inloop {' '.join(arguments)} " in done.stdout


def test_a_folder_remembers_its_database(postgres: RunningPostgres, starting: list[Up], tmp_path: Path) -> None:
    """On PostgreSQL the other commands, and the next `up`, find the same data without being told again."""
    url = postgres.new_database()
    first = Up(tmp_path, *LOAD, "--database", url)
    starting.append(first)
    first.wait_ready()
    assert facts("headcount", data=tmp_path)["registered"] == 312
    assert first.stop() == 0
    assert not list(tmp_path.glob("*.db"))
    again = Up(tmp_path)
    starting.append(again)
    again.wait_ready()
    assert facts("headcount", data=tmp_path)["registered"] == 312
    again.stop()
    postgres.drop(url)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_leaves_no_process(number: signal.Signals, starting: list[Up], tmp_path: Path) -> None:
    """Ctrl-C and SIGTERM end every process, the fleet's too, and the exit code is 0."""
    up = Up(tmp_path, "--simulate", "60")
    starting.append(up)
    up.wait_ready()
    eventually(lambda: up.running("firmware_sim") != set(), "the fleet runs")
    tree = up.tree()
    assert len(tree) >= 8, "up, supervisord, broker, two consumers, the pages with two workers, and the fleet"
    assert up.stop(number) == 0
    assert up.lines[-1] == "stopped"
    assert not [pid for pid in tree if alive(pid)]


def test_nothing_outlives_an_up_that_is_killed_and_the_next_one_starts(starting: list[Up], tmp_path: Path) -> None:
    """kill -9 of `up` ends every process, and the folder is free again."""
    up = Up(tmp_path, "--simulate", "60")
    starting.append(up)
    up.wait_ready()
    eventually(lambda: up.running("firmware_sim") != set(), "the fleet runs")
    tree = up.tree()
    up.stop(signal.SIGKILL)
    again = Up(tmp_path, "--simulate", "60", ports=(up.port, up.mqtt_port))
    starting.append(again)
    again.wait_ready()
    assert not [pid for pid in tree if alive(pid)]


def test_starting_again_carries_on(starting: list[Up], tmp_path: Path) -> None:
    """What was counted is still counted, and the simulated day goes on from where it was."""
    first = Up(tmp_path, "--simulate", "300")
    starting.append(first)
    first.wait_ready()
    eventually(lambda: facts("headcount", data=tmp_path)["expected"] < 250, "people have come in", limit_s=60)
    first.stop()
    before = facts("headcount", data=tmp_path)

    still = Up(tmp_path, "--no-simulate")
    starting.append(still)
    still.wait_ready()
    token = inloop("token", "viewer", data=tmp_path).stdout.strip()
    after = still.get("/api/v1/headcount", token)
    still.stop()
    assert [place["present"] for place in after["places"]] == [place["present"] for place in before["places"]]

    onward = Up(tmp_path, "--simulate", "300")
    starting.append(onward)
    onward.wait_ready()
    eventually(
        lambda: facts("headcount", data=tmp_path)["expected"] < before["expected"] - 20, "more come in", limit_s=60
    )
    assert facts("headcount", data=tmp_path)["at"] > before["at"]
