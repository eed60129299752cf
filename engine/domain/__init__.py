"""The field's words: every published number with its label, unit, decimals and direction."""
