-- returns: sessions whose additions and deletions are not the changes on record or do not explain the number of
-- members, and one of these
select count(*), min(index_name || ' ' || session)
from (
    select s.index_name, s.session, s.ordinal, s.members, s.held, s.additions, s.deletions,
        coalesce(x.added, 0) as added, coalesce(x.removed, 0) as removed
    from index_session s
    left join (
        select index_name, session, count(*) filter (kind = 'added') as added,
            count(*) filter (kind = 'removed') as removed
        from index_change group by index_name, session) x on x.index_name = s.index_name and x.session = s.session)
where additions <> added or deletions <> removed or ordinal > 0 and members <> held + additions - deletions
