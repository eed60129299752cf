"""Frames that cross from one module to the next: their schemas, and how a file's rows become such frames."""
