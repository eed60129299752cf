-- in: lists of equal length, each kind and symbol once: what is known of an answer before stays when there is none now
insert into fetch_state by name
select unnest($kind::varchar[]) as kind, unnest($symbol::varchar[]) as symbol, unnest($asked_at::timestamp[]) as asked_at,
    unnest($since::date[]) as since, unnest($outcome::varchar[]) as outcome, unnest($reason::varchar[]) as reason,
    unnest($through::date[]) as through
on conflict (kind, symbol) do update set
    asked_at = excluded.asked_at, outcome = excluded.outcome, reason = excluded.reason,
    since = least(since, excluded.since), through = coalesce(excluded.through, through)
