import numpy as np
import pytest

from core.comparison.false_discovery import find_noise_share, find_q_values


def draw_chances(seed: int, noise: int, real: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.random(noise), rng.random(real) * 0.02])


@pytest.mark.parametrize(("noise", "real"), [(400, 0), (360, 40), (100, 300), (20, 10)])
def test_of_what_is_found_so_much_is_noise_as_is_promised(noise: int, real: int) -> None:
    shares, found = [], []
    for seed in range(400):
        wanted = find_q_values(draw_chances(seed, noise, real)) <= 0.05
        shares.append(wanted[:noise].sum() / max(wanted.sum(), 1))
        found.append(wanted[noise:].sum())
    assert np.mean(shares) < 0.062  # the mean of 400 is known to 0.012 where nothing is real
    if (noise, real) == (100, 300):
        assert np.mean(shares) > 0.035  # Benjamini and Hochberg's keeps to 0.0125
        assert np.mean(found) > 0.99 * real


def test_the_share_of_noise() -> None:
    assert find_noise_share(draw_chances(1, 10_000, 0)) == pytest.approx(1, abs=0.03)
    assert find_noise_share(draw_chances(1, 3_000, 7_000)) == pytest.approx(0.3, abs=0.03)
    assert find_noise_share(np.zeros(100)) == pytest.approx(0.02)
    assert find_noise_share(np.empty(0)) == 1
    assert find_noise_share(np.array([0.001])) == 1  # one alone tells nothing of the others


def test_by_hand() -> None:
    chance = np.array([0.9, 0.01, 0.04, 0.6])
    np.testing.assert_allclose(find_q_values(chance), [0.9, 0.04, 0.08, 0.8])
    chance = np.array([0.9, 0.01, 0.04, 0.03, 0.02, 0.05])  # one above a half, and one more, of the three expected
    np.testing.assert_allclose(find_q_values(chance), np.array([0.9, 0.06, 0.06, 0.06, 0.06, 0.06]) * 2 / 3)
    assert find_q_values(np.empty(0)).shape == (0,)
