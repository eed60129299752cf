-- rows of benchmark that cannot be go; returns: session, symbol and numbers of each
delete from benchmark where not (isfinite(close) and close > 0)
returning session, symbol, 'close ' || close as numbers
