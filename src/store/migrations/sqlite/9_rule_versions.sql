-- Every version of the rules that ever judged, so that an editor can see what was changed and go back.
create table rule_version (
    number integer primary key,   -- from 1
    at bigint not null,
    author text not null,
    note text not null,
    print text not null,          -- fingerprint of the rules
    rules text not null,          -- the blocks of feeds.toml that choose, as TOML
    edits text not null,          -- what was changed, a JSON list of lines
    effect text                   -- what it did to the past, JSON; null: not known
);
