-- returns: additions of what is no member, deletions of what is one, changes of another kind, and one of these
select count(*), min(x.index_name || ' ' || x.session || ' ' || x.ticker) from index_change x
left join constituent c
    on c.index_name = x.index_name and c.session = x.session and c.listing_id = x.listing_id and c.member
where x.kind not in ('added', 'removed') or (x.kind = 'added') <> (c.listing_id is not null)
