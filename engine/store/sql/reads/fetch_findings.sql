-- returns: notes of $kinds that are the last word: kind, ticker, session, text. A later fetch has another word when it
-- asked for the ticker again with an answer, for its shares where they are what the note is about, and for anything
-- where the note is about the whole market; that a ticker stands for another stock stays so
select distinct n.kind, n.ticker, n.session, n.text
from fetch_note n
where n.kind in (select unnest($kinds::varchar[]))
    and not exists (
        select 1 from fetch_run later
        where later.run_id > n.run_id and n.kind <> 'reused'
            and (n.ticker = '' and later.asked > 0 and later.outcome in ('done', 'partial')
                or exists (
                    select 1 from fetch_state f
                    where (f.symbol = n.ticker
                            or f.symbol in (select r.new_ticker from rename r where r.old_ticker = n.ticker))
                        and f.outcome = 'done' and f.asked_at >= later.started_at
                        and (f.kind = 'shares') = (n.kind = 'share-off')
                        and f.kind in ('shares', 'prices', 'benchmark', 'fx'))))
order by n.kind, n.ticker, n.session, n.text
