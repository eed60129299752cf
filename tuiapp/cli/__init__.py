"""The command line: stdout is data (``output``), stderr is narration (``diagnostics``)."""
