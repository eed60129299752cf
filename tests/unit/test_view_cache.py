from __future__ import annotations

from engine.views.cache import BYTES_A_VALUE, CacheStatus, ViewCache


def test_a_cache_counts_what_it_keeps_and_how_often_it_helped() -> None:
    cache = ViewCache(10 * BYTES_A_VALUE)
    for key in ("a", "b", "a", "a"):
        cache.get(1, key, lambda: (1.0, 2.0))
    assert cache.status() == CacheStatus(2, 6 * BYTES_A_VALUE, 10 * BYTES_A_VALUE, hits=2, misses=2)


def test_a_cache_without_room_keeps_nothing_and_never_helps() -> None:
    cache = ViewCache(0)
    assert [cache.get(1, "a", lambda: (1.0,)) for _ in range(2)] == [(1.0,), (1.0,)]
    assert cache.status() == CacheStatus(0, 0, 0, hits=0, misses=2)


def test_a_view_that_falls_out_frees_its_room() -> None:
    cache = ViewCache(4 * BYTES_A_VALUE)
    cache.get(1, "a", lambda: (1.0, 2.0))
    cache.get(1, "b", lambda: (1.0, 2.0, 3.0))
    assert cache.status() == CacheStatus(1, 4 * BYTES_A_VALUE, 4 * BYTES_A_VALUE, hits=0, misses=2)


def test_views_of_data_that_have_changed_are_gone_at_the_first_question_after_it() -> None:
    cache = ViewCache(10 * BYTES_A_VALUE)
    cache.get(1, "a", lambda: (1, 2))
    cache.get(2, "a", lambda: (2, 2))
    cache.get(2, "a", lambda: (0, 0))
    assert cache.get(2, "a", lambda: (0, 0)) == (2, 2)
    assert cache.status() == CacheStatus(1, 3 * BYTES_A_VALUE, 10 * BYTES_A_VALUE, hits=2, misses=2)


def test_a_view_that_was_made_while_the_data_changed_is_not_kept() -> None:
    cache = ViewCache(10 * BYTES_A_VALUE)
    cache.get(1, "a", lambda: cache.get(2, "b", lambda: (1, 2)))
    assert cache.status() == CacheStatus(1, 3 * BYTES_A_VALUE, 10 * BYTES_A_VALUE, hits=0, misses=2)
