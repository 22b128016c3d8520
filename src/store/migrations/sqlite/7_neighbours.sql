-- What belongs to one source stands together, so that a run that reads many sources writes each page of an index once, and
-- not as often as it saves. Ids and keys are hashes: without the source in front, each would fall on another page.

create table entry_of_source (
    row integer primary key,      -- in the order of arrival
    id bigint not null,
    source text not null,
    title text not null,
    link text,
    summary text,
    summary_html bigint not null,
    content text,
    content_html bigint not null,
    base text,
    language text,
    authors text,                 -- null: none
    categories text,              -- null: none
    published bigint,
    date_origin text not null,
    first_seen bigint not null,
    changed bigint not null,
    listed bigint not null,       -- what lists are sorted by
    bytes_print bigint not null,
    title_print bigint not null,
    reading_print bigint not null,
    version bigint not null,
    shelf text not null,
    rule_set text not null,       -- fingerprint of the rules that judged it
    outcome text not null,        -- publish, review, drop: the verdict, not yet the shelf
    unique (source, id)
);
insert into entry_of_source
    select row, id, source, title, link, summary, summary_html, content, content_html, base, language, authors, categories,
        published, date_origin, first_seen, changed, listed, bytes_print, title_print, reading_print, version, shelf,
        rule_set, outcome
    from entry order by row;

-- Every name an entry was ever known by.
create table alias_of_source (
    source text not null,
    key bigint not null,
    entry bigint not null,
    primary key (source, key)
) without rowid;
insert into alias_of_source
    select entry.source, alias.key, alias.entry from alias join entry on entry.id = alias.entry
    order by entry.source, alias.key;

-- The topics that file an open entry, for the newest of a topic.
create table topic_of_entry (
    topic text not null,
    listed bigint not null,
    entry bigint not null,
    row bigint not null,          -- of the entry
    primary key (topic, listed, entry)
) without rowid;
insert into topic_of_entry
    select entry_topic.topic, entry_topic.listed, entry_topic.entry, entry.row
    from entry_topic join entry on entry.id = entry_topic.entry;

drop table alias;
drop table entry_topic;
drop table entry;
alter table alias_of_source rename to alias;
alter table topic_of_entry rename to entry_topic;
alter table entry_of_source rename to entry;
create index entry_title on entry (source, title_print);
create index entry_shown on entry (listed, id) where outcome = 'publish' and shelf = 'open';
create index entry_topic_row on entry_topic (row);

-- Looked for at the beginning of each run, which would else read what is remembered of every source.
create index habit_suspended on habit (source) where trust = 'suspended';
