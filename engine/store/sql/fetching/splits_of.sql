-- returns: every split of $ticker
select session, ticker, ratio from split where ticker = $ticker order by session
