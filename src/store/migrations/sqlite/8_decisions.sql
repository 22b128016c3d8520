-- What staff decided about entries.

-- Every act, in the order of the acts. No row is ever changed or taken out.
create table decision (
    row integer primary key,
    source text not null,
    entry bigint not null,
    at bigint not null,
    by text not null,
    act text not null,
    value text                    -- a title, a note's Markdown, topics as a list; null: the act takes it back, or has none
);
create index decision_entry on decision (entry, row);
create index decision_pin on decision (entry, row) where act in ('pin', 'unpin');

-- `outcome` and `entry_topic` say what becomes of an entry: the decision in force, else the verdict. Who accepts an entry
-- takes it off its shelf; the shelf is remembered.
alter table entry add column accepted bigint not null default 0;

drop index entry_shown;
create index entry_shown on entry (listed, id) where outcome = 'publish' and (shelf = 'open' or accepted = 1);

-- For review: the rules are not sure, or too much was new at once.
create index entry_waiting on entry (listed, id)
    where (outcome = 'review' and shelf = 'open') or (outcome <> 'drop' and shelf = 'held' and accepted = 0);
