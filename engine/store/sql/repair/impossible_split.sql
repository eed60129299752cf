-- rows of split that cannot be go; returns: session, ticker and numbers of each
delete from split where not (isfinite(ratio) and ratio > 0)
returning session, ticker, 'ratio ' || ratio as numbers
