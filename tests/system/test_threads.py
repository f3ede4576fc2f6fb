"""BLAS is held to one thread while anybody needs that, and gets its threads back."""

import threading

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from core.config import default_config
from core.models.training import train
from core.system.threads import one_thread
from core.text.corpus import build_corpus
from core.text.reading.documents import Document
from core.workspace.demo_data import demo_uploads


def blas_threads() -> set[int]:
    return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}


@pytest.fixture(autouse=True)
def two_threads():
    with one_thread():
        pass  # loads everything
    with threadpool_limits(2, "blas"):
        yield


def test_held_until_the_last_is_done():
    first, second = one_thread(), one_thread()
    first.__enter__()
    second.__enter__()
    assert blas_threads() == {1}
    first.__exit__(None, None, None)
    assert blas_threads() == {1}
    second.__exit__(None, None, None)
    assert blas_threads() == {2}


def test_given_back_after_an_error_in_another_thread():
    def fail():
        with pytest.raises(ValueError, match="on purpose"), one_thread():
            raise ValueError("on purpose")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert blas_threads() == {2}


def test_a_model_does_not_depend_on_the_number_of_threads():
    lines = demo_uploads()[0].data.decode().split("\n")  # in smaller texts no sum is divided
    corpus = build_corpus([Document(str(i), line) for i, line in enumerate(lines)])
    config = default_config("counts", vector_size=100)
    made = []
    for threads in (1, 2):
        with threadpool_limits(threads, "blas"):
            made.append(train(corpus, config).vectors)
    np.testing.assert_array_equal(*made)
