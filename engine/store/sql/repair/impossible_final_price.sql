-- rows of final_price that cannot be go; returns: session, ticker and numbers of each
delete from final_price where not (isfinite(price) and price >= 0)
returning session, ticker, 'price ' || price as numbers
