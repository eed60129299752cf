-- rows of shares that cannot be go; returns: session, ticker and numbers of each
delete from shares where not (isfinite(shares_outstanding) and shares_outstanding > 0)
returning session, ticker, 'shares_outstanding ' || shares_outstanding as numbers
