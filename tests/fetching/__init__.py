"""Whole fetches from a vendor in memory into a store of their own."""
