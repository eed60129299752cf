-- returns: sessions whose members are not those of the constituents, were not all held into the next session, or had
-- more prices than there were, and one of these
select count(*), min(index_name || ' ' || session)
from (
    select s.index_name, s.session, s.members, s.held, s.priced, coalesce(c.members, 0) as counted,
        lag(s.members, 1, 0) over (partition by s.index_name order by s.session) as before
    from index_session s
    left join (
        select index_name, session, count(*) filter (member) as members from constituent
        group by index_name, session) c on c.index_name = s.index_name and c.session = s.session)
where members <> counted or held <> before or priced > held or priced < 0
