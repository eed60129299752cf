-- returns: levels, returns (fractions), members, priced, one-way turnover from $first to $last, oldest first
select session, level_pr, level_tr, return_pr, return_tr, members, priced, turnover
from index_session
where index_name = $index_name and session between $first and $last
order by session
