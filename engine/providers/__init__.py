"""Sources of raw data: a person's files and the demo market. They know nothing of the store."""
