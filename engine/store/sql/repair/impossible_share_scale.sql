-- rows of share_scale that cannot be go; returns: session, ticker and numbers of each
delete from share_scale where not (isfinite(scale) and scale > 0)
returning session, ticker, 'scale ' || scale as numbers
