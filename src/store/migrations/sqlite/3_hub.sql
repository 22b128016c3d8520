-- WebSub: what sources offer, and our subscriptions at hubs.

-- What a source's last document offered; no row: no hub.
create table offer (
    source text primary key,
    topic text not null,
    hubs text not null            -- addresses, as a list
) without rowid;

create table subscription (
    token text primary key,       -- the end of its callback address
    callback text not null,
    secret text not null,
    source text not null,
    hub text not null,
    topic text not null,
    stage text not null,          -- wanted, active, denied, leaving
    pending_until bigint,         -- null: the hub has nothing to verify
    ends bigint,                  -- of its lease
    next bigint,                  -- null: nothing is left to do
    failures bigint not null,     -- in a row
    problem text,                 -- the last failure, in words
    hinted bigint                 -- when the hub said that there is something new; null: asked since
) without rowid;
