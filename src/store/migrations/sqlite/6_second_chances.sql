-- What was given up for good is tried once more: sources that answered 410, and hubs that would not have us.
update source set next_poll = 0 where next_poll is null;
update subscription set next = 0 where stage = 'denied' and next is null;
