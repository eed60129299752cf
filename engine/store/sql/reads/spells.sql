-- returns: memberships of a listing: first session and last session (null while it lasts)
select c.since, case when max(c.session) = (select max(session) from index_session where index_name = $index_name)
    then null else max(c.session) end
from constituent c
where c.index_name = $index_name and c.listing_id = $listing_id and c.member
group by c.since order by c.since
