-- The schema of a desk's newsletters, in a file of their own (docs/decisions/0101-letters-apart.md).
--
-- Every table has the shape of schema.sql: key, columns that a query needs, the row as JSON, and the
-- checksum of that JSON. The only table that holds addresses is `subscriber`.

-- Editions: one newsletter issue each. `due` is in seconds since 1970.
CREATE TABLE issue (
    id        TEXT PRIMARY KEY,
    due       INTEGER NOT NULL,
    document  BLOB NOT NULL,
    checksum  BLOB NOT NULL
) STRICT;

-- Who gets them. `address` is in lower case, for looking up only.
CREATE TABLE subscriber (
    id        TEXT PRIMARY KEY,
    address   TEXT NOT NULL UNIQUE,
    document  BLOB NOT NULL,
    checksum  BLOB NOT NULL
) STRICT;

-- What became of each edition for each subscriber; at most one row, so that nobody is sent to twice.
CREATE TABLE delivery (
    issue       TEXT NOT NULL,
    subscriber  TEXT NOT NULL,
    document    BLOB NOT NULL,
    checksum    BLOB NOT NULL,
    PRIMARY KEY (issue, subscriber)
) STRICT;
CREATE INDEX delivery_of_subscriber ON delivery (subscriber);
