-- returns: what a person has decided: kind, ticker, session, price (USD), new ticker or issuer; the latest first
with settled as (
    select 'accept-cap' as kind, ticker, session, null::double as price, '' as text from accepted_cap
    union all
    select 'final-price', ticker, session, price, '' from final_price
    union all
    select 'rename', r.old_ticker, r.session, null, r.new_ticker
    from rename r join ingest i on i.ingest_id = r.ingest_id and i.source = 'decision'
    union all
    select 'issuer', s.ticker, null, null, s.issuer from security s
    where (select arg_max(i.detail, i.ingest_id) from ingest i
           where i.source = 'decision' and split_part(i.detail, ': ', 1) in
               ('issuer of ' || s.ticker, 'withdrew issuer of ' || s.ticker))
        = 'issuer of ' || s.ticker || ': ' || s.issuer)
select kind, ticker, session, price, text from settled
order by session desc nulls last, kind, ticker
