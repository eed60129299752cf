-- returns: tickers but $ticker that went on under no other name yet, and of whose closes (USD) of the two weeks up to the
-- last one at least one equals that of $closes on $sessions: ticker, last session
with fresh as (select unnest($sessions::date[]) as session, unnest($closes::double[]) as close),
held as (select ticker, max(session) as last from price where ticker <> $ticker group by ticker)
select h.ticker, h.last
from held h join price p on p.ticker = h.ticker and p.session > h.last - 14 join fresh f on f.session = p.session
where abs(p.close - f.close) <= 1e-6 * f.close
    and not exists (select 1 from rename r where r.old_ticker = h.ticker and r.session > h.last)
group by h.ticker, h.last
order by count(*) desc, h.ticker
