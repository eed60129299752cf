from __future__ import annotations

from engine.views.cache import BYTES_A_VALUE, CacheStatus, ViewCache


def test_a_cache_counts_what_it_keeps_and_how_often_it_helped() -> None:
    cache = ViewCache(10 * BYTES_A_VALUE)
    for key in ("a", "b", "a", "a"):
        cache.get(key, lambda: (1.0, 2.0))
    assert cache.status() == CacheStatus(2, 6 * BYTES_A_VALUE, 10 * BYTES_A_VALUE, hits=2, misses=2)


def test_a_cache_without_room_keeps_nothing_and_never_helps() -> None:
    cache = ViewCache(0)
    assert [cache.get("a", lambda: (1.0,)) for _ in range(2)] == [(1.0,), (1.0,)]
    assert cache.status() == CacheStatus(0, 0, 0, hits=0, misses=2)


def test_a_view_that_falls_out_frees_its_room() -> None:
    cache = ViewCache(4 * BYTES_A_VALUE)
    cache.get("a", lambda: (1.0, 2.0))
    cache.get("b", lambda: (1.0, 2.0, 3.0))
    assert cache.status() == CacheStatus(1, 4 * BYTES_A_VALUE, 4 * BYTES_A_VALUE, hits=0, misses=2)
