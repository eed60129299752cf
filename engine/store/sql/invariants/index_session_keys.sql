-- returns: sessions of an index out of order or not numbered from 0 without a gap, and one of these
select count(*), min(index_name || ' ' || session)
from (
    select index_name, session, ordinal,
        row_number() over (partition by index_name order by session) - 1 as place
    from index_session)
where ordinal <> place
