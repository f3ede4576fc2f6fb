"""Who is let in to the admin page."""

import pytest

from core.errors import LimitError
from core.workspace.door import Door, admin_pass

TOKEN = "a-secret-of-the-server"


@pytest.fixture
def clock():
    return [1000.0]


@pytest.fixture
def door(clock, monkeypatch):
    monkeypatch.setenv("VECTUNE_ADMIN_TOKEN", TOKEN)
    return Door(lambda: clock[0])


def test_the_token_opens_and_nothing_else_does(door, clock):
    assert door.admits(TOKEN, "here")
    assert door.admits(f" {TOKEN}\n", "here")
    for wrong in ("", TOKEN[:-1], TOKEN.upper(), "\ud800"):
        assert not door.admits(wrong, "here")
        clock[0] += 100


def test_after_each_wrong_one_the_wait_is_longer_and_even_the_token_has_to_wait(door, clock):
    for wait in (1, 2, 4, 8, 16, 32, 60, 60):
        assert not door.admits("wrong", "there")
        clock[0] += wait - 0.5
        with pytest.raises(LimitError, match="Wait 1 s"):
            door.admits(TOKEN, "there")
        clock[0] += 0.5
    assert door.admits(TOKEN, "there")
    assert not door.admits("wrong", "there")
    with pytest.raises(LimitError, match="Wait 1 s"):
        door.admits(TOKEN, "there")


def test_who_errs_elsewhere_keeps_nobody_out(door):
    assert not door.admits("wrong", "there")
    assert door.admits(TOKEN, "here")


@pytest.mark.parametrize("value", ["", "   ", "too-short"])
def test_without_a_good_token_nobody_is_let_in(clock, monkeypatch, value):
    monkeypatch.setenv("VECTUNE_ADMIN_TOKEN", value)
    assert not Door(lambda: clock[0]).admits(value, "here")
    assert admin_pass() == ""
