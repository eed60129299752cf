-- Contributions, what a swap did, what a person has decided about the data, and rows that were refused.
-- The index is built again: its derived rows say more than they did.

create table contribution (
    index_name varchar not null, session date not null, listing_id integer not null, ticker varchar not null,
    weight double not null, weight_tr double not null, return_pr double not null, return_tr double not null,
    contribution_pr double not null, contribution_tr double not null
);

alter table index_change add column turnover double;

alter table finding add column effect varchar default '';

create table accepted_cap (
    session date not null, ticker varchar not null, ingest_id integer not null,
    primary key (session, ticker)
);

create table final_price (
    session date not null, ticker varchar not null, price double not null, ingest_id integer not null,
    primary key (session, ticker)
);

create table refused_row (
    file varchar not null, kind varchar not null, reason varchar not null, ticker varchar not null,
    rows bigint not null, first date, last date, example varchar not null, refused_at timestamp not null
);

delete from index_build;
