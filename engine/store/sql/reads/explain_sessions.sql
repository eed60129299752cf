-- returns: the published session $session and the one before it, the later first
select session, ordinal, level_pr, level_tr, return_pr, return_tr, members, held, priced, turnover, additions,
    deletions, cut_cap_usd
from index_session
where index_name = $index_name and session <= $session
order by session desc limit 2
