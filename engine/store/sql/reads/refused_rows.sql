-- returns: rows of files that were not taken: file, kind, reason, ticker, how many, first and last day, the first of them
select file, kind, reason, ticker, rows, first, last, example from refused_row order by file, kind, reason, ticker
