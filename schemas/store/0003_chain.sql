-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- 0003_chain - what was stored, hashed in the order it was stored in
-- (schemas/store.md).

-- The highest numbers there were when the chain began: what has one up to here
-- and no link was stored before it.
CREATE TABLE chain_start (
	run INTEGER NOT NULL,
	remark INTEGER NOT NULL,
	baseline INTEGER NOT NULL
) STRICT;
INSERT INTO chain_start (run, remark, baseline) VALUES (
	(SELECT ifnull(max(run), 0) FROM run),
	(SELECT ifnull(max(remark), 0) FROM remark),
	(SELECT ifnull(max(baseline), 0) FROM baseline));

-- content: everything that was stored of that run, remark or sealed baseline;
-- sha256: that and the link before.
CREATE TABLE chain (
	link INTEGER PRIMARY KEY,
	kind TEXT NOT NULL CHECK (kind IN ('run', 'remark', 'baseline')),
	number INTEGER NOT NULL,
	content TEXT NOT NULL CHECK (length(content) = 64),
	sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
	UNIQUE (kind, number)
) STRICT;

-- ---- Nothing is ever changed -----------------------------------------------

CREATE TRIGGER chain_start_no_update BEFORE UPDATE ON chain_start
BEGIN SELECT RAISE(ABORT, 'chain_start rows are never changed'); END;
CREATE TRIGGER chain_start_no_delete BEFORE DELETE ON chain_start
BEGIN SELECT RAISE(ABORT, 'chain_start rows are never changed'); END;
CREATE TRIGGER chain_start_once BEFORE INSERT ON chain_start
WHEN EXISTS (SELECT 1 FROM chain_start)
BEGIN SELECT RAISE(ABORT, 'chain_start row exists already'); END;

CREATE TRIGGER chain_no_update BEFORE UPDATE ON chain
BEGIN SELECT RAISE(ABORT, 'chain rows are never changed'); END;
CREATE TRIGGER chain_no_delete BEFORE DELETE ON chain
BEGIN SELECT RAISE(ABORT, 'chain rows are never changed'); END;
CREATE TRIGGER chain_next BEFORE INSERT ON chain
WHEN NEW.link <> (SELECT ifnull(max(link), 0) + 1 FROM chain)
	OR EXISTS (SELECT 1 FROM chain
		WHERE kind = NEW.kind AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'the chain only grows at its end'); END;
