-- returns: tickers that are gone by their vendor's word, and that no other stock has got since
select distinct d.ticker from delisting d
where not exists (select 1 from price p where p.ticker = d.ticker and p.session > d.session)
order by d.ticker
