-- returns: scales of shares that are not a positive number, and one of these
select count(*), min(ticker) from share_scale where not (isfinite(scale) and scale > 0)
