-- Which of the two table sets of a projection version is the one that answers. The other one is free for a rebuild.
create table projection (
    version     integer     primary key,
    live        text        not null,
    switched_at timestamptz not null default now()
);
