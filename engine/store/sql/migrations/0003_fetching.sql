-- What was asked of a vendor and what came of it, what it says of names, and how its shares were scaled.

alter table universe_snapshot add column is_final boolean default false;

create table delisting (
    session date not null, ticker varchar not null, ingest_id integer not null,
    primary key (session, ticker)
);

create table share_scale (
    ticker varchar primary key, session date not null, scale double not null, ingest_id integer not null
);

create table fetch_state (
    kind varchar not null, symbol varchar not null, asked_at timestamp not null, since date,
    outcome varchar not null, reason varchar not null, through date,
    primary key (kind, symbol)
);

create table fetch_run (
    run_id integer primary key, started_at timestamp not null, ended_at timestamp,
    outcome varchar not null, asked integer not null, failed integer not null, remaining integer not null,
    requests integer not null, through date, reason varchar not null
);

create table fetch_note (
    run_id integer not null, kind varchar not null, ticker varchar not null, session date, text varchar not null
);

-- Last prices of listings that end: what a person has given; else, of a delisting by a vendor's word, the last close on
-- the basis of its session, if there is one in the two weeks before.
create view ending as
with gone as (
    select d.session, d.ticker, d.ingest_id, max(p.session) as traded, arg_max(p.close, p.session) as close
    from delisting d
    join price p on p.ticker = d.ticker and p.session < d.session and p.session >= d.session - 15
    group by d.session, d.ticker, d.ingest_id)
select session, ticker, price, ingest_id from final_price
union all
select g.session, g.ticker, g.close / coalesce(product(x.ratio), 1) as price, g.ingest_id
from gone g
left join split x on x.ticker = g.ticker and x.session > g.traded and x.session <= g.session
where not exists (
    select 1 from final_price f where f.ticker = g.ticker and f.session >= g.traded and f.session <= g.traded + 15)
group by g.session, g.ticker, g.close, g.ingest_id;

-- Shares of whole companies: as reported, and from the day after each closing snapshot on as that has them (market cap
-- / price), where it is within a quarter of the last report. A snapshot says it better than what a vendor dates within
-- two weeks after it, so that a day without a snapshot ranks by the same shares; a person's own reports stand. What a
-- snapshot says of a company ends where its ticker gets another stock, by a rename or after an end.
create view known_shares as
with breaks as (
    select session, new_ticker as ticker from rename
    union select session, old_ticker from rename
    union select session, ticker from delisting),
listed as (
    select u.session, u.ticker, u.market_cap_usd / u.close as shares_outstanding, m.ingest_id
    from universe_snapshot u join market_cap m on m.session = u.session and m.ticker = u.ticker
    where u.is_final and u.close > 0 and m.market_cap_usd = u.market_cap_usd),
compared as (
    select s.session, s.ticker, s.shares_outstanding, s.ingest_id, any_value(r.shares_outstanding) as reported,
        coalesce(product(x.ratio), 1) as ratio
    from listed s asof join shares r on r.ticker = s.ticker and r.session <= s.session
    left join split x on x.ticker = s.ticker and x.session > r.session and x.session <= s.session
    group by s.session, s.ticker, s.shares_outstanding, s.ingest_id),
implied as (
    select c.session + 1 as session, c.ticker, c.shares_outstanding, c.ingest_id,
        coalesce(min(b.session), date '9999-12-31') as until
    from compared c left join breaks b on b.ticker = c.ticker and b.session > c.session
    where abs(c.shares_outstanding / (c.reported * c.ratio) - 1) <= 0.25
    group by c.session, c.ticker, c.shares_outstanding, c.ingest_id),
reports as (
    select r.session, r.ticker, r.shares_outstanding, r.ingest_id, i.source <> 'yahoo' as own
    from shares r join ingest i on i.ingest_id = r.ingest_id)
select r.session, r.ticker, r.shares_outstanding, r.ingest_id from reports r
where r.own or not exists (
    select 1 from implied s
    where s.ticker = r.ticker and s.session between r.session - 14 and r.session and s.until > r.session)
union all
select s.session, s.ticker, s.shares_outstanding, s.ingest_id from implied s
where s.until > s.session and not exists (
    select 1 from reports r where r.own and r.ticker = s.ticker and r.session = s.session);
