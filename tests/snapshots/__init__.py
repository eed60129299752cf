"""The screens as plain text."""
