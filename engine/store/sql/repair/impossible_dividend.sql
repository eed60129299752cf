-- rows of dividend that cannot be go; returns: session, ticker and numbers of each
delete from dividend where not (isfinite(amount) and amount > 0)
returning session, ticker, 'amount ' || amount as numbers
