-- What we keep. Times are whole seconds since 1970; ids are 63-bit whole numbers; lists are JSON.

-- How a source stands: asked when, with what result, and when to ask again.
create table source (
    id text primary key,
    url text not null,            -- the address that the validators belong to
    etag text,
    last_modified text,
    body bigint,                  -- print of the last body, for servers that ignore validators
    policy text,                  -- what identifies its entries; null: never read
    newest bigint,                -- when the newest entry it ever had was published
    next_poll bigint,             -- null: not until a person looks
    last_asked bigint not null,
    last_read bigint,             -- last answer that could be read
    paused_until bigint,          -- Retry-After
    failures bigint not null,     -- in a row
    problem text,                 -- the last failure, in words
    moved_to text                 -- where it says it lives now
) without rowid;

create table entry (
    -- In the order of arrival: with the hashes that ids are as key, every insertion would tear a page apart.
    row integer primary key,
    id bigint not null unique,
    source text not null,
    title text not null,
    link text,
    summary text,
    summary_html bigint not null,
    content text,
    content_html bigint not null,
    base text,
    language text,
    authors text not null,
    categories text not null,
    published bigint,
    date_origin text not null,
    first_seen bigint not null,
    changed bigint not null,
    listed bigint not null,    -- what lists are sorted by
    bytes_print bigint not null,
    title_print bigint not null,
    reading_print bigint not null,
    version bigint not null,
    shelf text not null,
    rule_set text not null,       -- fingerprint of the rules that judged it
    outcome text not null         -- publish, review, drop: the verdict, not yet the shelf
);
create index entry_title on entry (title_print);
create index entry_shown on entry (listed, id) where outcome = 'publish' and shelf = 'open';

-- Every name an entry was ever known by.
create table alias (
    key integer primary key,
    entry bigint not null
);

-- What an entry said before it changed.
create table version (
    entry bigint not null,
    version bigint not null,
    replaced bigint not null,
    title text not null,
    link text,
    summary text,
    summary_html bigint not null,
    content text,
    content_html bigint not null,
    primary key (entry, version)
) without rowid;

-- The topics that file an open entry, for the newest of a topic.
create table entry_topic (
    topic text not null,
    listed bigint not null,
    entry bigint not null,
    primary key (topic, listed, entry)
) without rowid;
create index entry_topic_entry on entry_topic (entry);

-- What must stay the same for as long as the store lives.
create table setting (
    name text primary key,
    value text not null
) without rowid;
