-- returns: findings of the build, one for each run: kind, ticker, first and last session, rows, values of the first and
-- of the last, and on how many of them it had which effect; events that fit nothing are put together
with told as (
    select if(kind = 'unmatched-decision' and exists (
            select 1 from delisting d where d.ticker = finding.ticker and d.session = finding.session
                and not exists (select 1 from final_price f where f.ticker = d.ticker and f.session = d.session)
                and not exists (select 1 from accepted_cap a where a.ticker = d.ticker and a.session = d.session)),
        'unmatched-delisting', kind) as kind, ticker, since, session, value, used, effect
    from finding where index_name = $index_name)
select kind, ticker,
    min(case when kind in ('no-cap', 'ended', 'unmatched-rename') then since else session end),
    max(case when kind = 'unmatched-rename' then since else session end), count(*),
    arg_min(value, session), arg_min(used, session), arg_max(value, session),
    count(*) filter (effect = 'member'), count(*) filter (effect = 'kept-in'), count(*) filter (effect = 'kept-out')
from told
group by kind, ticker, case when kind in ('unmatched-dividend', 'unmatched-split') then null else since end
order by kind, 3, ticker
