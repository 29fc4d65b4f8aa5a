"""Every SQL statement of the store, named, with what it is for."""

from __future__ import annotations

PUT_SOURCE = """
INSERT INTO source (id, document, checksum) VALUES (?, ?, ?)
ON CONFLICT (id) DO UPDATE SET document = excluded.document, checksum = excluded.checksum
"""
"""Remember a source's state over its older one."""

PUT_ENTRY = """
INSERT INTO entry (source, guid, sequence, status, document, checksum) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (source, guid) DO UPDATE SET
    sequence = excluded.sequence, status = excluded.status,
    document = excluded.document, checksum = excluded.checksum
"""
"""Remember an entry by (source, guid) over its older self."""

PUT_ARTICLE = """
INSERT INTO article (id, at, document, checksum) VALUES (?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
    at = excluded.at, document = excluded.document, checksum = excluded.checksum
"""
"""Keep an article over its older self."""

PUT_STORY = """
INSERT INTO story (id, document, checksum) VALUES (?, ?, ?)
ON CONFLICT (id) DO UPDATE SET document = excluded.document, checksum = excluded.checksum
"""
"""Keep a story over its older self."""

PUT_PUBLICATION = """
INSERT INTO publication (story, document, checksum) VALUES (?, ?, ?)
ON CONFLICT (story) DO UPDATE SET document = excluded.document, checksum = excluded.checksum
"""
"""Remember what was last written for a story."""

PUT_NOTE = """
INSERT INTO note (name, document, checksum) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET document = excluded.document, checksum = excluded.checksum
"""
"""Set a note."""

ALL_SOURCES = "SELECT document, checksum FROM source ORDER BY id"
"""Every source's state, by id."""

ALL_ENTRIES = "SELECT document, checksum FROM entry ORDER BY sequence, source, guid"
"""Every entry in the order of discovery."""

ENTRIES_OF_SOURCE = "SELECT document, checksum FROM entry WHERE source = ? ORDER BY sequence, guid"
"""One source's entries in the order of discovery."""

WAITING_ENTRIES = """
SELECT document, checksum FROM entry WHERE status IN ('new', 'later') ORDER BY sequence, source, guid
"""
"""The entries that are still to be read, in the order of discovery."""

LAST_SEQUENCE = "SELECT coalesce(max(sequence), 0) FROM entry"
"""The newest entry's sequence number; the index on it answers."""

ONE_ARTICLE = "SELECT document, checksum FROM article WHERE id = ?"
"""An article, if there is one of that id."""

ALL_ARTICLES = "SELECT document, checksum FROM article ORDER BY id"
"""Every article, by id."""

ARTICLES_SINCE = "SELECT document, checksum FROM article WHERE at >= ? ORDER BY id"
"""The articles of a window of time, by id; the index on the time finds them."""

ALL_STORIES = "SELECT document, checksum FROM story ORDER BY id"
"""Every story, by id."""

ALL_PUBLICATIONS = "SELECT document, checksum FROM publication ORDER BY story"
"""Everything published, by story."""

ONE_NOTE = "SELECT document, checksum FROM note WHERE name = ?"
"""A note's value, if it was ever set."""

THE_LEASE = "SELECT identity, settled FROM lease"
"""Which store this is, and how often it was settled."""

TAKE_LEASE = "UPDATE lease SET fence = fence + 1 RETURNING fence"
"""Become the writer: every older number is void from here on."""

COUNT_SETTLEMENT = "UPDATE lease SET settled = settled + 1 WHERE fence = ? RETURNING settled"
"""Count a settlement by the writer of that number; no row when the lease went to another."""
