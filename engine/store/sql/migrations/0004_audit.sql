-- Who changed which data, when and by which command; and from which session on a batch changes sectors alone.

create table audit (
    audit_id integer primary key, changed_at timestamp not null, run_id varchar not null, command varchar not null,
    what varchar not null, detail varchar not null,
    rows_new bigint not null, rows_changed bigint not null, rows_removed bigint not null,
    first date, last date
);

alter table ingest add column earliest_sector date;
