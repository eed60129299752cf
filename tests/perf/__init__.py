"""Measurements, run by hand: ratios to a floor that is measured in the same run."""
