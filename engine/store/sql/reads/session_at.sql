-- returns: the last published session on or before $as_of (null: of all)
select session, ordinal, level_pr, level_tr, return_pr, return_tr, members, held, priced, cut_cap_usd
from index_session
where index_name = $index_name and ($as_of::date is null or session <= $as_of)
order by session desc limit 1
