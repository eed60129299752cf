-- of rows with one session and ticker only that of the newest batch stays
delete from price where rowid in (
    select rowid from (
        select rowid, row_number() over (partition by session, ticker order by ingest_id desc, rowid desc) as place
        from price
        where (session, ticker) in (select (session, ticker) from price group by session, ticker having count(*) > 1))
    where place > 1)
