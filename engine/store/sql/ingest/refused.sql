-- returns: refused rows of $file as $kind: reason, ticker, rows, first and last day, the first of them
select reason, ticker, rows, first, last, example from refused_row where file = $file and kind = $kind
order by reason, ticker
