-- returns: sessions whose ranks are not 1, 2, 3 and so on down to the last one shown beside the members, and one of these
select count(*), min(index_name || ' ' || session)
from (
    select index_name, session, min(rank) as first_rank, max(rank) filter (not member) as shown,
        count(rank) filter (not member) as others, count(distinct rank) filter (not member) as different,
        list_distinct(list(rank) filter (rank is not null)) as ranks
    from constituent group by index_name, session)
where first_rank < 1 or others <> different
    or shown is not null and len(list_filter(ranks, lambda place: place <= shown)) <> shown
