-- The whole schema of a desk's store, as a new desk gets it. An older store gets here by the files
-- in migrations/, one after the other: whoever changes this file adds one there.
--
-- Every table of rows has the same shape: the key, the columns that a query or an index needs, the
-- row itself as JSON (the struct of ports.store or records), and the checksum of that JSON, which is
-- verified on every read. A column is always derived from the document, never the other way round.
-- Times are seconds since 1970 in UTC.

-- What is remembered of a source between runs.
CREATE TABLE source (
    id        TEXT PRIMARY KEY,
    document  BLOB NOT NULL,
    checksum  BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What a source listed, and what became of it. One row for each (source, guid), for ever.
CREATE TABLE entry (
    source    TEXT NOT NULL,
    guid      TEXT NOT NULL,
    sequence  INTEGER NOT NULL,
    status    TEXT NOT NULL CHECK (status IN ('new', 'done', 'dropped', 'later')),
    document  BLOB NOT NULL,
    checksum  BLOB NOT NULL,
    PRIMARY KEY (source, guid)
) STRICT;
CREATE INDEX entry_by_sequence ON entry (sequence, source, guid);
CREATE INDEX entry_of_source ON entry (source, sequence, guid);

-- What was understood of a page. `at` is when it was fetched or, where nobody says, published.
CREATE TABLE article (
    id        TEXT PRIMARY KEY,
    at        INTEGER NOT NULL,
    document  BLOB NOT NULL,
    checksum  BLOB NOT NULL
) STRICT;
CREATE INDEX article_by_time ON article (at);

-- The articles about one event.
CREATE TABLE story (
    id        TEXT PRIMARY KEY,
    document  BLOB NOT NULL,
    checksum  BLOB NOT NULL
) STRICT;

-- What was last written for a story.
CREATE TABLE publication (
    story     TEXT PRIMARY KEY,
    document  BLOB NOT NULL,
    checksum  BLOB NOT NULL
) STRICT;

-- Named facts about the desk as a whole.
CREATE TABLE note (
    name      TEXT PRIMARY KEY,
    document  BLOB NOT NULL,
    checksum  BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- One row: which store this is, how often it was settled, and the number of its writer. A writer
-- whose number is no longer here has lost the lease and may not settle (a fencing token).
CREATE TABLE lease (
    only_row  INTEGER PRIMARY KEY CHECK (only_row = 1),
    identity  TEXT NOT NULL,
    settled   INTEGER NOT NULL,
    fence     INTEGER NOT NULL
) STRICT;
INSERT INTO lease VALUES (1, lower(hex(randomblob(8))), 0, 0);
