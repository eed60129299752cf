-- returns: rows without a ticker among securities, accepted caps and delistings, and one of these
select count(*), min(place) from (
    select 'security' as place, ticker from security
    union all select 'accepted_cap ' || session, ticker from accepted_cap
    union all select 'delisting ' || session, ticker from delisting)
where trim(ticker) = ''
