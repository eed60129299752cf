-- returns: last published session before $before (null: of all), its ordinal and levels
select session, ordinal, level_pr, level_tr from index_session
where index_name = $index_name and ($before::date is null or session < $before)
order by session desc limit 1
