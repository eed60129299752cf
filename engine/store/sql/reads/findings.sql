-- returns: findings of the build, one for each run: kind, ticker, first and last session, rows, values of the first and
-- of the last, and on how many of them it had which effect; events that fit nothing are put together
select kind, ticker,
    min(case when kind in ('no-cap', 'ended', 'unmatched-rename') then since else session end),
    max(case when kind = 'unmatched-rename' then since else session end), count(*),
    arg_min(value, session), arg_min(used, session), arg_max(value, session),
    count(*) filter (effect = 'member'), count(*) filter (effect = 'kept-in'), count(*) filter (effect = 'kept-out')
from finding where index_name = $index_name
group by kind, ticker, case when kind in ('unmatched-dividend', 'unmatched-split') then null else since end
order by kind, 3, ticker
