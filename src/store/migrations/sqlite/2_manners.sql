-- How sources and sites want to be asked.

alter table source add column validators_of bigint;              -- print of what the validators belong to
alter table source add column manners text not null default '{}'; -- JSON: rhythm, wishes, moves; read and written together

-- What the robots.txt of a site says, for the pages that we read there.
create table site (
    origin text primary key,
    rules text,                   -- null: it has none
    etag text,
    last_modified text,
    read_at bigint not null,      -- last answer that counts
    fresh_until bigint not null,  -- not asked again before
    asked_at bigint               -- when a page of it was last asked for, if it wants pauses
) without rowid;
