-- returns: sessions whose members' weights do not add up to 1, or with weights of others, and one of these
select count(*), min(index_name || ' ' || session)
from (
    select index_name, session, count(*) filter (member) as members, sum(weight) as total, sum(weight_tr) as total_tr,
        min(least(weight, weight_tr)) as least_weight, bool_or(not member and (weight <> 0 or weight_tr <> 0)) as others
    from constituent group by index_name, session)
where others or not least_weight >= 0
    or members > 0 and not (abs(total - 1) <= 1e-9 and abs(total_tr - 1) <= 1e-9)
