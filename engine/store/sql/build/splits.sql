-- returns: every split up to $last (new shares per old share)
select session, ticker, ratio from split where session <= $last order by session, ticker
