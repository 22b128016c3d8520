-- The last good reading of a source in a few numbers: what the next one is held against.
alter table source add column shape text;
