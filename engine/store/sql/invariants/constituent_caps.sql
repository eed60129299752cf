-- returns: constituents that are larger than one of a better rank, and one of these
select count(*), min(index_name || ' ' || session || ' ' || ticker)
from (
    select index_name, session, ticker, market_cap_usd,
        min(market_cap_usd) over (partition by index_name, session order by rank
            range between unbounded preceding and 1 preceding) as better
    from constituent where rank is not null)
where market_cap_usd > better
