-- What is remembered of hosts, apart from the desk's store: it must survive a store that is lost and
-- made anew, and threads write it while the store is being settled.

-- `until` is derived from the document: the moment (seconds since 1970 UTC) it speaks of.

-- When a host may be asked again, and why not sooner.
CREATE TABLE pace (
    host      TEXT PRIMARY KEY,
    document  BLOB NOT NULL,
    until     REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- The robots.txt of an authority (scheme, host, port), with its expiry.
CREATE TABLE robots (
    authority TEXT PRIMARY KEY,
    document  BLOB NOT NULL,
    until     REAL NOT NULL
) STRICT, WITHOUT ROWID;
