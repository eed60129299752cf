-- returns: where tickers have ended by their vendor's word, or because another stock has them now: session, ticker
select session, ticker from delisting order by session, ticker
