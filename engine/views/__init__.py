"""Frozen view types, how they are put together, and the cache that keeps them."""
