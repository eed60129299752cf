-- rows of fx that cannot be go; returns: session, pair and numbers of each
delete from fx where not (isfinite(rate) and rate > 0)
returning session, pair, 'rate ' || rate as numbers
