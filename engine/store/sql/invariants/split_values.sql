-- returns: rows of split whose ratio is not a positive number, and one of these
select count(*), min(session || ' ' || ticker) from split where not (isfinite(ratio) and ratio > 0)
