-- returns: every rename
select session, old_ticker, new_ticker from rename order by session, old_ticker
