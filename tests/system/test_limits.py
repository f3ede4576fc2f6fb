"""What one visitor, and all together, may take of a server."""

from concurrent.futures import Future

import pytest

from core.errors import LimitError, UserError
from core.system.jobs.board import Jobs
from core.system.limits import BYTES_PER_WORKSPACE, SERVER_LIMITS, check_limits
from core.workspace.arrivals import Arrivals, find_address


def test_a_limit_is_its_variables_or_the_default(monkeypatch):
    assert BYTES_PER_WORKSPACE.value == 3_000_000_000
    monkeypatch.setenv("VECTUNE_BYTES_PER_WORKSPACE", " 5000 ")
    assert BYTES_PER_WORKSPACE.value == 5000


@pytest.mark.parametrize("value", ["3 GB", "-1", "1.5", "²"])
def test_a_variable_that_is_no_number_is_named_at_the_start(monkeypatch, value):
    monkeypatch.setenv("VECTUNE_BYTES_PER_WORKSPACE", value)
    with pytest.raises(UserError, match=f"VECTUNE_BYTES_PER_WORKSPACE is “{value}”"):
        check_limits()


def test_readme_has_every_limit_with_its_default(request):
    readme = (request.config.rootpath / "README.md").read_text("utf-8")
    for limit in SERVER_LIMITS:
        row = next(line for line in readme.splitlines() if line.startswith("|") and f"`{limit.variable}`" in line)
        shown = f"{limit.default / 1e9:g} GB" if limit.is_bytes else str(limit.default)
        assert shown in row.rsplit("|", 2)[1].strip().split(", ")


class Never:
    """An executor whose work does not end."""

    def submit(self, *_):
        return Future()

    def shutdown(self, wait):
        pass


def ask(jobs, watcher, *names):
    for name in names:
        jobs.submit(name, name, print, watcher=watcher, seconds=60)


def test_a_workspace_has_so_many_jobs_waiting_and_no_more(monkeypatch):
    monkeypatch.setenv("VECTUNE_JOBS_PER_WORKSPACE", "2")
    jobs = Jobs(Never())
    ask(jobs, "ann", "runs", "waits", "waits too")
    with pytest.raises(LimitError, match=r"2 of your jobs; 1 more would be above 2,.*VECTUNE_JOBS_PER_WORKSPACE"):
        ask(jobs, "ann", "one more")
    assert jobs.status("one more") is None
    assert jobs.status("waits").active
    ask(jobs, "ann", "waits")  # which is there already
    ask(jobs, "bob", "another's")
    jobs.cancel("waits", "ann")
    ask(jobs, "ann", "one more")
    with pytest.raises(LimitError, match="5 more"):
        jobs.check_room("cy", 5)


def test_a_server_has_so_many_jobs_waiting_and_no_more(monkeypatch):
    monkeypatch.setenv("VECTUNE_JOBS_ON_SERVER", "2")
    jobs = Jobs(Never())
    ask(jobs, "ann", "runs", "waits")
    ask(jobs, "bob", "waits too")
    with pytest.raises(LimitError, match=r"2 jobs; 1 more would be above 2,.*VECTUNE_JOBS_ON_SERVER"):
        ask(jobs, "cy", "one more")


def test_new_workspaces_are_counted_by_address_for_a_day(monkeypatch):
    monkeypatch.setenv("VECTUNE_WORKSPACES_PER_ADDRESS", "2")
    now = [0.0]
    arrivals = Arrivals(lambda: now[0])
    for _ in range(2):
        arrivals.admit("192.0.2.1")
        now[0] += 3600
    with pytest.raises(LimitError, match=r"24 hours: 2, .* VECTUNE_WORKSPACES_PER_ADDRESS"):
        arrivals.admit("192.0.2.1")
    arrivals.admit("192.0.2.2")
    now[0] = 24 * 3600
    arrivals.admit("192.0.2.1")
    with pytest.raises(LimitError):
        arrivals.admit("192.0.2.1")


def test_addresses_that_are_a_day_old_are_forgotten():
    now = [0.0]
    arrivals = Arrivals(lambda: now[0])
    for number in range(50):
        arrivals.admit(f"192.0.2.{number}")
    now[0] = 24 * 3600
    arrivals.admit("198.51.100.1")
    assert list(arrivals._times) == ["198.51.100.1"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "address"),
    [
        (None, [], 0, "this machine"),
        ("192.0.2.7", [], 0, "192.0.2.7"),
        ("192.0.2.7", ["203.0.113.9"], 0, "192.0.2.7"),
        ("203.0.113.9", ["203.0.113.9"], 0, "this machine"),  # from a proxy here that lets the visitor say so
        ("10.0.0.2", ["203.0.113.9"], 1, "203.0.113.9"),
        ("10.0.0.2", ["198.51.100.66, 203.0.113.9"], 1, "203.0.113.9"),  # the first is the visitor's invention
        ("10.0.0.2", ["198.51.100.66, 203.0.113.9", "10.0.0.3"], 2, "203.0.113.9"),
        ("10.0.0.2", [], 1, "10.0.0.2"),
        ("2001:db8:1:2:3:4:5:6", [], 0, "2001:db8:1:2::/64"),
        ("10.0.0.2", ["[2001:db8:1:2::9]"], 1, "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", [], 0, "192.0.2.7"),
        ("10.0.0.2", ["203.0.113.9:4711"], 1, "203.0.113.9"),
        ("10.0.0.2", ["unknown"], 1, "unknown"),
    ],
)
def test_who_is_forwarded_is_believed_as_far_as_there_are_proxies(peer, forwarded, proxies, address):
    assert find_address(peer, forwarded, proxies) == address
