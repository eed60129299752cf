-- Raw data are kept as they came, on the basis of their own day; derived tables are rebuilt from them.
-- Large tables have no index: every write goes through one merge by key, and the key is an invariant that tests check.

create table ingest (
    ingest_id integer primary key,
    fetched_at timestamp not null,
    source varchar not null,
    detail varchar not null,
    rows_new bigint not null,
    rows_changed bigint not null,
    earliest date
);

create table data_version (version bigint not null);

insert into data_version values (0);

create table price (
    session date not null, ticker varchar not null,
    open double, high double, low double, close double not null, volume double,
    ingest_id integer not null
);

create table split (
    session date not null, ticker varchar not null, ratio double not null, ingest_id integer not null,
    primary key (session, ticker)
);

create table dividend (
    session date not null, ticker varchar not null, amount double not null, ingest_id integer not null,
    primary key (session, ticker)
);

create table shares (
    session date not null, ticker varchar not null, shares_outstanding double not null, ingest_id integer not null
);

create table market_cap (
    session date not null, ticker varchar not null, market_cap_usd double not null, ingest_id integer not null
);

create table security (
    ticker varchar primary key, name varchar not null, sector varchar, industry varchar, exchange varchar,
    issuer varchar, country varchar, security_type varchar, ingest_id integer not null
);

create table rename (
    session date not null, old_ticker varchar not null, new_ticker varchar not null, ingest_id integer not null,
    primary key (session, old_ticker)
);

create table benchmark (
    session date not null, symbol varchar not null, close double not null, ingest_id integer not null,
    primary key (session, symbol)
);

create table fx (
    session date not null, pair varchar not null, rate double not null, ingest_id integer not null,
    primary key (session, pair)
);

create table universe_snapshot (
    session date not null, ticker varchar not null, name varchar, exchange varchar,
    market_cap_usd double, close double, ingest_id integer not null,
    primary key (session, ticker)
);

create table index_build (
    index_name varchar primary key,
    rules varchar not null,
    ingest_id integer not null,
    sessions_incomplete integer not null
);

create table index_session (
    index_name varchar not null, session date not null, ordinal integer not null,
    level_pr double not null, level_tr double not null, return_pr double, return_tr double,
    members integer not null, held integer not null, priced integer not null, turnover double,
    additions integer not null, deletions integer not null, cut_cap_usd double,
    primary key (index_name, session)
);

create table constituent (
    index_name varchar not null, session date not null, rank integer, listing_id integer not null,
    ticker varchar not null, member boolean not null, weight double not null, weight_tr double not null,
    market_cap_usd double, cap_source varchar not null, close double not null, stale integer not null,
    return_pr double, contribution double, since date
);

create table index_change (
    index_name varchar not null, session date not null, kind varchar not null, listing_id integer not null,
    ticker varchar not null, rank_before integer, rank_after integer,
    market_cap_before_usd double, market_cap_usd double, days integer not null, reason varchar not null
);

create table listing_spell (
    index_name varchar not null, listing_id integer not null, ticker varchar not null,
    first_session date not null, last_session date not null
);

create table market_state (
    index_name varchar not null, session date not null, listing_id integer not null, ticker varchar not null,
    spell_first date not null, close double not null, stale integer not null, market_cap_usd double,
    cap_source varchar not null, cap_missed integer not null, quarantined_since date
);

create table finding (
    index_name varchar not null, kind varchar not null, ticker varchar not null,
    since date not null, session date not null, value double, used double
);
