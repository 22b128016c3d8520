-- How a source treats its entries, as far as recognising them depends on it.
create table habit (
    source text primary key,
    evidence text not null,    -- why the policy is what it is, in words
    renamings bigint not null, -- how often the ids of most entries changed
    noise bigint not null,     -- how often the texts of most entries changed
    returns bigint not null,   -- how often an entry that seemed withdrawn came back
    trust text not null,       -- usual, suspended, given
    title bigint not null,     -- print of the document's title
    entries text not null      -- of the last document, in its order: a list
) without rowid;

-- Entries that their source took back.
create table withdrawal (
    entry bigint primary key,
    at bigint not null,
    how text not null          -- missing, titled
) without rowid;
