-- returns: sessions whose contributions do not add up to the return, or the weights held to 1, and one of these
select count(*), min(s.index_name || ' ' || s.session)
from index_session s
left join (
    select index_name, session, sum(contribution_pr) as added_pr, sum(contribution_tr) as added_tr,
        sum(weight) as total, sum(weight_tr) as total_tr,
        max(abs(contribution_pr - weight * return_pr) + abs(contribution_tr - weight_tr * return_tr)) as apart
    from contribution group by index_name, session) c on c.index_name = s.index_name and c.session = s.session
where s.ordinal > 0 and s.held > 0 and not coalesce(
    abs(c.added_pr - s.return_pr) <= 1e-9 and abs(c.added_tr - s.return_tr) <= 1e-9 and c.apart <= 1e-9
    and abs(c.total - 1) <= 1e-9 and abs(c.total_tr - 1) <= 1e-9, false)
