-- rows of price that cannot be go; returns: session, ticker and numbers of each
delete from price where not (isfinite(close) and close > 0 and (volume is null or isfinite(volume) and volume >= 0)
    and (open is null or isfinite(open) and open >= 0)
    and (high is null or isfinite(high) and high >= 0) and (low is null or isfinite(low) and low >= 0))
returning session, ticker,
    concat_ws(', ', 'close ' || close, 'open ' || open, 'high ' || high, 'low ' || low, 'volume ' || volume) as numbers
