-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- 0002_people - what people add to runs, acceptances, where runs of other
-- databases came from, and what else a fault could be (schemas/store.md).

-- Which database this is: runs that travel in a bundle keep its name.
CREATE TABLE self (
	store TEXT PRIMARY KEY
) STRICT;
INSERT INTO self (store) VALUES (lower(hex(randomblob(16))));

-- What else a fault is easily taken for, and how to tell.
ALTER TABLE diagnosis ADD COLUMN other TEXT;

-- ---- What people add -------------------------------------------------------

-- after_run orders it among the runs: clocks are labels and nothing more.
CREATE TABLE remark (
	remark INTEGER PRIMARY KEY AUTOINCREMENT,
	uid TEXT NOT NULL UNIQUE CHECK (length(uid) = 32),
	kind TEXT NOT NULL CHECK (kind IN
		('note', 'attachment', 'accept', 'transport', 'repair')),
	at_s INTEGER NOT NULL,
	after_run INTEGER NOT NULL,
	serial TEXT NOT NULL,
	run INTEGER REFERENCES run_end,
	part TEXT NOT NULL,
	by TEXT NOT NULL,
	text TEXT NOT NULL
) STRICT;
CREATE INDEX remark_by_run ON remark (run);
CREATE INDEX remark_by_serial ON remark (serial, remark);

-- The bytes of a file, once; 16 MiB at most (GH_ATTACHMENT_MAX).
CREATE TABLE content (
	sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
	bytes BLOB NOT NULL CHECK (length(bytes) <= 16777216)
) STRICT;

CREATE TABLE attachment (
	remark INTEGER PRIMARY KEY REFERENCES remark,
	name TEXT NOT NULL,
	media TEXT NOT NULL,
	sha256 TEXT NOT NULL REFERENCES content
) STRICT;

-- A failed finding that somebody answers for, until a date.
CREATE TABLE accept (
	accept INTEGER PRIMARY KEY AUTOINCREMENT,
	remark INTEGER NOT NULL REFERENCES remark,
	id TEXT NOT NULL,
	fault TEXT NOT NULL,
	value REAL,
	until_s INTEGER NOT NULL,
	UNIQUE (remark, id)
) STRICT;

-- What became of it in a later run: one row for each that the judge was given.
CREATE TABLE accept_seen (
	run INTEGER NOT NULL REFERENCES run,
	n INTEGER NOT NULL,
	accept INTEGER NOT NULL REFERENCES accept,
	fate TEXT NOT NULL,
	PRIMARY KEY (run, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX accept_recovered ON accept_seen (accept)
	WHERE fate = 'recovered';

CREATE VIEW remark_list AS
SELECT r.remark, r.uid, r.kind, r.at_s, r.after_run, r.serial,
	ifnull(r.run, 0) AS run, r.part, r.by, r.text,
	ifnull(a.name, '') AS name, ifnull(a.media, '') AS media,
	ifnull(a.sha256, '') AS sha256,
	ifnull((SELECT length(c.bytes) FROM content c
		WHERE c.sha256 = a.sha256), 0) AS bytes,
	ifnull((SELECT max(k.until_s) FROM accept k
		WHERE k.remark = r.remark), 0) AS until_s
FROM remark r LEFT JOIN attachment a USING (remark);

-- The newest word on each metric of each part counts, until it recovered.
CREATE VIEW accept_in_force AS
SELECT k.accept, r.serial, r.run, r.part, k.id, k.fault, k.value, r.by,
	r.text AS reason, k.until_s
FROM accept k JOIN remark r USING (remark)
WHERE NOT EXISTS (SELECT 1 FROM accept l JOIN remark q USING (remark)
		WHERE q.serial = r.serial AND q.part = r.part
		AND l.id = k.id AND l.accept > k.accept)
	AND NOT EXISTS (SELECT 1 FROM accept_seen s
		WHERE s.accept = k.accept AND s.fate = 'recovered');

-- ---- Where an imported run came from ---------------------------------------

CREATE TABLE origin (
	run INTEGER PRIMARY KEY REFERENCES run,
	store TEXT NOT NULL,
	number INTEGER NOT NULL,
	session INTEGER NOT NULL,
	sha256 TEXT NOT NULL,
	imported_s INTEGER NOT NULL
) STRICT;
CREATE INDEX origin_by_number ON origin (store, number);

-- The name and the database under which an imported baseline was sealed.
CREATE TABLE baseline_origin (
	baseline INTEGER PRIMARY KEY REFERENCES baseline,
	store TEXT NOT NULL,
	name TEXT NOT NULL
) STRICT;

-- ---- For compare and history -----------------------------------------------

-- The history of a metric is read from this index alone: a row of each of
-- 3650 nights lies on a page of its own.
DROP INDEX measure_history;
CREATE INDEX measure_history ON measure (id, part, run, reason, version, v0, v1);

-- ---- Nothing is ever changed -----------------------------------------------

CREATE TRIGGER self_no_update BEFORE UPDATE ON self
BEGIN SELECT RAISE(ABORT, 'self rows are never changed'); END;
CREATE TRIGGER self_no_delete BEFORE DELETE ON self
BEGIN SELECT RAISE(ABORT, 'self rows are never changed'); END;
CREATE TRIGGER self_once BEFORE INSERT ON self
WHEN EXISTS (SELECT 1 FROM self)
BEGIN SELECT RAISE(ABORT, 'self row exists already'); END;

CREATE TRIGGER remark_no_update BEFORE UPDATE ON remark
BEGIN SELECT RAISE(ABORT, 'remark rows are never changed'); END;
CREATE TRIGGER remark_no_delete BEFORE DELETE ON remark
BEGIN SELECT RAISE(ABORT, 'remark rows are never changed'); END;
CREATE TRIGGER remark_once BEFORE INSERT ON remark
WHEN EXISTS (SELECT 1 FROM remark
	WHERE remark = NEW.remark OR uid = NEW.uid)
BEGIN SELECT RAISE(ABORT, 'remark row exists already'); END;

CREATE TRIGGER content_no_update BEFORE UPDATE ON content
BEGIN SELECT RAISE(ABORT, 'content rows are never changed'); END;
CREATE TRIGGER content_no_delete BEFORE DELETE ON content
BEGIN SELECT RAISE(ABORT, 'content rows are never changed'); END;
CREATE TRIGGER content_once BEFORE INSERT ON content
WHEN EXISTS (SELECT 1 FROM content WHERE sha256 = NEW.sha256)
BEGIN SELECT RAISE(ABORT, 'content row exists already'); END;

CREATE TRIGGER attachment_no_update BEFORE UPDATE ON attachment
BEGIN SELECT RAISE(ABORT, 'attachment rows are never changed'); END;
CREATE TRIGGER attachment_no_delete BEFORE DELETE ON attachment
BEGIN SELECT RAISE(ABORT, 'attachment rows are never changed'); END;
CREATE TRIGGER attachment_once BEFORE INSERT ON attachment
WHEN EXISTS (SELECT 1 FROM attachment WHERE remark = NEW.remark)
BEGIN SELECT RAISE(ABORT, 'attachment row exists already'); END;

CREATE TRIGGER accept_no_update BEFORE UPDATE ON accept
BEGIN SELECT RAISE(ABORT, 'accept rows are never changed'); END;
CREATE TRIGGER accept_no_delete BEFORE DELETE ON accept
BEGIN SELECT RAISE(ABORT, 'accept rows are never changed'); END;
CREATE TRIGGER accept_once BEFORE INSERT ON accept
WHEN EXISTS (SELECT 1 FROM accept WHERE accept = NEW.accept
	OR (remark = NEW.remark AND id = NEW.id))
BEGIN SELECT RAISE(ABORT, 'accept row exists already'); END;

CREATE TRIGGER accept_seen_no_update BEFORE UPDATE ON accept_seen
BEGIN SELECT RAISE(ABORT, 'accept_seen rows are never changed'); END;
CREATE TRIGGER accept_seen_no_delete BEFORE DELETE ON accept_seen
BEGIN SELECT RAISE(ABORT, 'accept_seen rows are never changed'); END;
CREATE TRIGGER accept_seen_ended BEFORE INSERT ON accept_seen
WHEN EXISTS (SELECT 1 FROM run_end WHERE run = NEW.run)
BEGIN SELECT RAISE(ABORT, 'the run has ended'); END;

CREATE TRIGGER origin_no_update BEFORE UPDATE ON origin
BEGIN SELECT RAISE(ABORT, 'origin rows are never changed'); END;
CREATE TRIGGER origin_no_delete BEFORE DELETE ON origin
BEGIN SELECT RAISE(ABORT, 'origin rows are never changed'); END;
CREATE TRIGGER origin_ended BEFORE INSERT ON origin
WHEN EXISTS (SELECT 1 FROM run_end WHERE run = NEW.run)
BEGIN SELECT RAISE(ABORT, 'the run has ended'); END;

CREATE TRIGGER baseline_origin_no_update BEFORE UPDATE ON baseline_origin
BEGIN SELECT RAISE(ABORT, 'baseline_origin rows are never changed'); END;
CREATE TRIGGER baseline_origin_no_delete BEFORE DELETE ON baseline_origin
BEGIN SELECT RAISE(ABORT, 'baseline_origin rows are never changed'); END;
CREATE TRIGGER baseline_origin_sealed BEFORE INSERT ON baseline_origin
WHEN EXISTS (SELECT 1 FROM baseline_seal
	WHERE baseline = NEW.baseline)
BEGIN SELECT RAISE(ABORT, 'the baseline is sealed'); END;
