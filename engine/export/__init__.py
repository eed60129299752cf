"""Files for people and programs: the workbook, CSV, JSON and Parquet."""
