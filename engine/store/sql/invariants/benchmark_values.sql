-- returns: rows of benchmark whose close is not a positive number, and one of these
select count(*), min(session || ' ' || symbol) from benchmark where not (isfinite(close) and close > 0)
