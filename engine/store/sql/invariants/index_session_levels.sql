-- returns: levels that are not the level before times one plus the return, and one of these
select count(*), min(index_name || ' ' || session)
from (
    select index_name, session, ordinal, level_pr, level_tr, return_pr, return_tr,
        lag(level_pr) over chain as before_pr, lag(level_tr) over chain as before_tr
    from index_session window chain as (partition by index_name order by session))
where not isfinite(level_pr) or not isfinite(level_tr) or level_pr < 0 or level_tr < 0
    or case when before_pr is null then level_pr = 0 or return_pr is not null or return_tr is not null
        else return_pr is null or return_tr is null
            or not abs(level_pr - before_pr * (1 + return_pr)) <= 1e-9 * before_pr
            or not abs(level_tr - before_tr * (1 + return_tr)) <= 1e-9 * before_tr end
