"""The collector of cycles comes back as it was."""

import gc

import pytest

from resources.collector import collector_paused


def test_the_collector_is_as_it_was_afterwards() -> None:
    assert gc.isenabled()
    with collector_paused():
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_comes_back_after_a_failure() -> None:
    def fail() -> None:
        with collector_paused():
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert gc.isenabled()
