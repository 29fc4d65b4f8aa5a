-- Subscriptions at WebSub hubs, and what hubs told of: apart from the desk's store, for the process that
-- hubs call writes here while a run is the store's one writer.

CREATE TABLE subscription (
    id        TEXT PRIMARY KEY,
    document  BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The sources that something came for, since when the run that asks them has not begun.
CREATE TABLE told (
    source    TEXT PRIMARY KEY,
    at        REAL NOT NULL,
    signed    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
