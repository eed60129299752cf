"""The only owner of DuckDB: one file per data folder, its schema, its statements and its locks."""
