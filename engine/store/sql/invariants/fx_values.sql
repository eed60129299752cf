-- returns: rows of fx whose rate is not a positive number, and one of these
select count(*), min(session || ' ' || pair) from fx where not (isfinite(rate) and rate > 0)
