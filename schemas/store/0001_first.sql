-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- 0001_first - runs, what was measured in them, what was said of it, and
-- baselines (schemas/store.md). Applied once, in one transaction; once released
-- this file is never edited, a change is the next file.

PRAGMA application_id = 1734888564; -- "ghLt"

-- ---- A run: inserted before anything moves ---------------------------------

CREATE TABLE run (
	run INTEGER PRIMARY KEY AUTOINCREMENT,
	session INTEGER NOT NULL CHECK (session > 0),
	rig TEXT NOT NULL,
	serial TEXT NOT NULL,
	rig_sha256 TEXT NOT NULL,
	profile TEXT NOT NULL,
	only_part TEXT NOT NULL,
	version TEXT NOT NULL,
	port TEXT NOT NULL,
	started_s INTEGER NOT NULL,
	deadline_s REAL,
	driver TEXT NOT NULL,
	model TEXT NOT NULL,
	firmware TEXT NOT NULL,
	device TEXT NOT NULL,
	boot TEXT NOT NULL,
	simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)),
	time_scale INTEGER NOT NULL,
	motion_allowed INTEGER NOT NULL CHECK (motion_allowed IN (0, 1))
) STRICT;
CREATE INDEX run_by_serial ON run (serial, run);

-- Its end, the last row of a run: after it nothing of the run can be added.
CREATE TABLE run_end (
	run INTEGER PRIMARY KEY REFERENCES run,
	state TEXT NOT NULL
		CHECK (state IN ('complete', 'stopped', 'failed', 'interrupted')),
	duration_s REAL,
	motion_s REAL,
	error TEXT NOT NULL DEFAULT '',
	advice TEXT NOT NULL DEFAULT '',
	exercises INTEGER NOT NULL DEFAULT 0,
	baseline INTEGER NOT NULL DEFAULT 0,
	baseline_name TEXT NOT NULL DEFAULT '',
	baseline_sha256 TEXT NOT NULL DEFAULT '',
	baseline_runs INTEGER NOT NULL DEFAULT 0,
	baseline_sessions INTEGER NOT NULL DEFAULT 0,
	baseline_comparable INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE VIEW ended_run AS SELECT * FROM run JOIN run_end USING (run);

CREATE TABLE run_key (
	run INTEGER NOT NULL REFERENCES run,
	n INTEGER NOT NULL,
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (run, n)
) STRICT, WITHOUT ROWID;

-- ---- The recording ---------------------------------------------------------

CREATE TABLE stage (
	sha256 TEXT PRIMARY KEY,
	text BLOB NOT NULL
) STRICT;

CREATE TABLE recording (
	run INTEGER PRIMARY KEY REFERENCES run,
	stage TEXT NOT NULL REFERENCES stage
) STRICT;

CREATE TABLE channel (
	run INTEGER NOT NULL REFERENCES run,
	n INTEGER NOT NULL,
	channel INTEGER NOT NULL,
	part TEXT NOT NULL,
	quantity TEXT NOT NULL,
	measured INTEGER NOT NULL,
	scale REAL,
	rate_hz REAL,
	step_us INTEGER NOT NULL,
	lo INTEGER NOT NULL,
	hi INTEGER NOT NULL,
	link INTEGER NOT NULL,
	PRIMARY KEY (run, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE chunk (
	run INTEGER NOT NULL REFERENCES run,
	n INTEGER NOT NULL,
	channel INTEGER NOT NULL,
	t0_us INTEGER NOT NULL,
	step_us INTEGER NOT NULL,
	raw BLOB NOT NULL CHECK (length(raw) % 2 = 0),
	times BLOB CHECK (length(times) = 4 * length(raw)),
	PRIMARY KEY (run, n)
) STRICT;

CREATE TABLE span (
	run INTEGER NOT NULL REFERENCES run,
	n INTEGER NOT NULL,
	part TEXT NOT NULL,
	exercise INTEGER NOT NULL,
	repeat INTEGER NOT NULL,
	arg INTEGER NOT NULL,
	shape INTEGER NOT NULL,
	begin_us INTEGER NOT NULL,
	end_us INTEGER NOT NULL,
	from_rad REAL,
	to_rad REAL,
	drive0 REAL,
	drive1 REAL,
	drive2 REAL,
	drive3 REAL,
	PRIMARY KEY (run, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE fact (
	run INTEGER NOT NULL REFERENCES run,
	n INTEGER NOT NULL,
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (run, n)
) STRICT, WITHOUT ROWID;

-- ---- What was measured, and what was said of it ----------------------------

CREATE TABLE part (
	run INTEGER NOT NULL REFERENCES run,
	n INTEGER NOT NULL,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	chain INTEGER NOT NULL,
	place INTEGER NOT NULL,
	look_by_eye INTEGER NOT NULL,
	in_profile INTEGER NOT NULL,
	PRIMARY KEY (run, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE measure (
	run INTEGER NOT NULL REFERENCES run,
	n INTEGER NOT NULL,
	part TEXT,
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	unit TEXT NOT NULL,
	reason TEXT NOT NULL,
	v0 REAL,
	v1 REAL,
	v2 REAL,
	rep00 REAL,
	rep01 REAL,
	rep02 REAL,
	rep10 REAL,
	rep11 REAL,
	rep12 REAL,
	note TEXT NOT NULL,
	PRIMARY KEY (run, n)
) STRICT, WITHOUT ROWID;
-- The history of one metric is read from this index alone.
CREATE INDEX measure_history ON measure (id, part, run, reason, v0);

CREATE TABLE part_result (
	run INTEGER NOT NULL REFERENCES run,
	n INTEGER NOT NULL,
	state TEXT NOT NULL,
	reason TEXT NOT NULL,
	diagnosis INTEGER NOT NULL,
	worst INTEGER NOT NULL,
	n_pass INTEGER NOT NULL,
	n_watch INTEGER NOT NULL,
	n_fail INTEGER NOT NULL,
	n_unknown INTEGER NOT NULL,
	n_skipped INTEGER NOT NULL,
	PRIMARY KEY (run, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE finding (
	run INTEGER NOT NULL REFERENCES run,
	n INTEGER NOT NULL,
	part TEXT,
	id TEXT NOT NULL,
	state TEXT NOT NULL,
	reason TEXT NOT NULL,
	unit TEXT NOT NULL,
	value REAL,
	expected REAL,
	limit_lo REAL,
	limit_hi REAL,
	notices REAL,
	hard INTEGER NOT NULL,
	beyond INTEGER NOT NULL,
	repeats INTEGER NOT NULL,
	v0 REAL,
	v1 REAL,
	v2 REAL,
	base0 REAL,
	base1 REAL,
	base2 REAL,
	note TEXT NOT NULL,
	PRIMARY KEY (run, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE diagnosis (
	run INTEGER NOT NULL REFERENCES run,
	n INTEGER NOT NULL,
	part TEXT,
	fault TEXT,
	confidence REAL,
	title TEXT,
	action TEXT,
	severity TEXT NOT NULL,
	PRIMARY KEY (run, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE evidence (
	run INTEGER NOT NULL REFERENCES run,
	diagnosis INTEGER NOT NULL,
	n INTEGER NOT NULL,
	note TEXT NOT NULL,
	PRIMARY KEY (run, diagnosis, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE not_checked (
	run INTEGER NOT NULL REFERENCES run,
	n INTEGER NOT NULL,
	part TEXT NOT NULL,
	reason TEXT NOT NULL,
	PRIMARY KEY (run, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE verdict (
	run INTEGER PRIMARY KEY REFERENCES run,
	verdict TEXT NOT NULL
		CHECK (verdict IN ('READY', 'WATCH', 'UNSURE', 'HOLD')),
	why TEXT NOT NULL,
	n_gates INTEGER NOT NULL,
	comparable INTEGER NOT NULL
) STRICT;

CREATE TABLE why_not (
	run INTEGER NOT NULL REFERENCES run,
	n INTEGER NOT NULL,
	note TEXT NOT NULL,
	PRIMARY KEY (run, n)
) STRICT, WITHOUT ROWID;

-- ---- Baselines -------------------------------------------------------------

CREATE TABLE baseline (
	baseline INTEGER PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL UNIQUE,
	serial TEXT NOT NULL
) STRICT;

CREATE TABLE baseline_member (
	baseline INTEGER NOT NULL REFERENCES baseline,
	n INTEGER NOT NULL,
	run INTEGER NOT NULL REFERENCES run_end,
	PRIMARY KEY (baseline, n),
	UNIQUE (baseline, run)
) STRICT, WITHOUT ROWID;

CREATE TABLE baseline_seal (
	baseline INTEGER PRIMARY KEY REFERENCES baseline,
	by TEXT NOT NULL,
	why TEXT NOT NULL,
	sealed_s INTEGER NOT NULL,
	sha256 TEXT NOT NULL
) STRICT;

CREATE VIEW baseline_list AS
SELECT b.baseline, b.name, b.serial, ifnull(s.by, '') AS by,
	ifnull(s.why, '') AS why, ifnull(s.sha256, '') AS sha256,
	s.baseline IS NOT NULL AS sealed, ifnull(s.sealed_s, 0) AS sealed_s,
	(SELECT count(*) FROM baseline_member m
		WHERE m.baseline = b.baseline) AS runs,
	(SELECT count(DISTINCT r.session) FROM baseline_member m
		JOIN run r USING (run)
		WHERE m.baseline = b.baseline) AS sessions
FROM baseline b LEFT JOIN baseline_seal s USING (baseline);

-- ---- Nothing is ever changed -----------------------------------------------
-- The triggers on INSERT also stop INSERT OR REPLACE, which deletes without
-- asking a trigger unless recursive_triggers is on.

CREATE TRIGGER run_no_update BEFORE UPDATE ON run
BEGIN SELECT RAISE(ABORT, 'run rows are never changed'); END;
CREATE TRIGGER run_no_delete BEFORE DELETE ON run
BEGIN SELECT RAISE(ABORT, 'run rows are never changed'); END;
CREATE TRIGGER run_once BEFORE INSERT ON run
WHEN EXISTS (SELECT 1 FROM run WHERE run = NEW.run)
BEGIN SELECT RAISE(ABORT, 'run row exists already'); END;

CREATE TRIGGER run_end_no_update BEFORE UPDATE ON run_end
BEGIN SELECT RAISE(ABORT, 'run_end rows are never changed'); END;
CREATE TRIGGER run_end_no_delete BEFORE DELETE ON run_end
BEGIN SELECT RAISE(ABORT, 'run_end rows are never changed'); END;
CREATE TRIGGER run_end_once BEFORE INSERT ON run_end
WHEN EXISTS (SELECT 1 FROM run_end WHERE run = NEW.run)
BEGIN SELECT RAISE(ABORT, 'run_end row exists already'); END;

CREATE TRIGGER stage_no_update BEFORE UPDATE ON stage
BEGIN SELECT RAISE(ABORT, 'stage rows are never changed'); END;
CREATE TRIGGER stage_no_delete BEFORE DELETE ON stage
BEGIN SELECT RAISE(ABORT, 'stage rows are never changed'); END;
CREATE TRIGGER stage_once BEFORE INSERT ON stage
WHEN EXISTS (SELECT 1 FROM stage WHERE sha256 = NEW.sha256)
BEGIN SELECT RAISE(ABORT, 'stage row exists already'); END;

CREATE TRIGGER run_key_no_update BEFORE UPDATE ON run_key
BEGIN SELECT RAISE(ABORT, 'run_key rows are never changed'); END;
CREATE TRIGGER run_key_no_delete BEFORE DELETE ON run_key
BEGIN SELECT RAISE(ABORT, 'run_key rows are never changed'); END;
CREATE TRIGGER run_key_ended BEFORE INSERT ON run_key
WHEN EXISTS (SELECT 1 FROM run_end WHERE run = NEW.run)
BEGIN SELECT RAISE(ABORT, 'the run has ended'); END;

CREATE TRIGGER recording_no_update BEFORE UPDATE ON recording
BEGIN SELECT RAISE(ABORT, 'recording rows are never changed'); END;
CREATE TRIGGER recording_no_delete BEFORE DELETE ON recording
BEGIN SELECT RAISE(ABORT, 'recording rows are never changed'); END;
CREATE TRIGGER recording_ended BEFORE INSERT ON recording
WHEN EXISTS (SELECT 1 FROM run_end WHERE run = NEW.run)
BEGIN SELECT RAISE(ABORT, 'the run has ended'); END;

CREATE TRIGGER channel_no_update BEFORE UPDATE ON channel
BEGIN SELECT RAISE(ABORT, 'channel rows are never changed'); END;
CREATE TRIGGER channel_no_delete BEFORE DELETE ON channel
BEGIN SELECT RAISE(ABORT, 'channel rows are never changed'); END;
CREATE TRIGGER channel_ended BEFORE INSERT ON channel
WHEN EXISTS (SELECT 1 FROM run_end WHERE run = NEW.run)
BEGIN SELECT RAISE(ABORT, 'the run has ended'); END;

CREATE TRIGGER chunk_no_update BEFORE UPDATE ON chunk
BEGIN SELECT RAISE(ABORT, 'chunk rows are never changed'); END;
CREATE TRIGGER chunk_no_delete BEFORE DELETE ON chunk
BEGIN SELECT RAISE(ABORT, 'chunk rows are never changed'); END;
CREATE TRIGGER chunk_ended BEFORE INSERT ON chunk
WHEN EXISTS (SELECT 1 FROM run_end WHERE run = NEW.run)
BEGIN SELECT RAISE(ABORT, 'the run has ended'); END;

CREATE TRIGGER span_no_update BEFORE UPDATE ON span
BEGIN SELECT RAISE(ABORT, 'span rows are never changed'); END;
CREATE TRIGGER span_no_delete BEFORE DELETE ON span
BEGIN SELECT RAISE(ABORT, 'span rows are never changed'); END;
CREATE TRIGGER span_ended BEFORE INSERT ON span
WHEN EXISTS (SELECT 1 FROM run_end WHERE run = NEW.run)
BEGIN SELECT RAISE(ABORT, 'the run has ended'); END;

CREATE TRIGGER fact_no_update BEFORE UPDATE ON fact
BEGIN SELECT RAISE(ABORT, 'fact rows are never changed'); END;
CREATE TRIGGER fact_no_delete BEFORE DELETE ON fact
BEGIN SELECT RAISE(ABORT, 'fact rows are never changed'); END;
CREATE TRIGGER fact_ended BEFORE INSERT ON fact
WHEN EXISTS (SELECT 1 FROM run_end WHERE run = NEW.run)
BEGIN SELECT RAISE(ABORT, 'the run has ended'); END;

CREATE TRIGGER part_no_update BEFORE UPDATE ON part
BEGIN SELECT RAISE(ABORT, 'part rows are never changed'); END;
CREATE TRIGGER part_no_delete BEFORE DELETE ON part
BEGIN SELECT RAISE(ABORT, 'part rows are never changed'); END;
CREATE TRIGGER part_ended BEFORE INSERT ON part
WHEN EXISTS (SELECT 1 FROM run_end WHERE run = NEW.run)
BEGIN SELECT RAISE(ABORT, 'the run has ended'); END;

CREATE TRIGGER measure_no_update BEFORE UPDATE ON measure
BEGIN SELECT RAISE(ABORT, 'measure rows are never changed'); END;
CREATE TRIGGER measure_no_delete BEFORE DELETE ON measure
BEGIN SELECT RAISE(ABORT, 'measure rows are never changed'); END;
CREATE TRIGGER measure_ended BEFORE INSERT ON measure
WHEN EXISTS (SELECT 1 FROM run_end WHERE run = NEW.run)
BEGIN SELECT RAISE(ABORT, 'the run has ended'); END;

CREATE TRIGGER part_result_no_update BEFORE UPDATE ON part_result
BEGIN SELECT RAISE(ABORT, 'part_result rows are never changed'); END;
CREATE TRIGGER part_result_no_delete BEFORE DELETE ON part_result
BEGIN SELECT RAISE(ABORT, 'part_result rows are never changed'); END;
CREATE TRIGGER part_result_ended BEFORE INSERT ON part_result
WHEN EXISTS (SELECT 1 FROM run_end WHERE run = NEW.run)
BEGIN SELECT RAISE(ABORT, 'the run has ended'); END;

CREATE TRIGGER finding_no_update BEFORE UPDATE ON finding
BEGIN SELECT RAISE(ABORT, 'finding rows are never changed'); END;
CREATE TRIGGER finding_no_delete BEFORE DELETE ON finding
BEGIN SELECT RAISE(ABORT, 'finding rows are never changed'); END;
CREATE TRIGGER finding_ended BEFORE INSERT ON finding
WHEN EXISTS (SELECT 1 FROM run_end WHERE run = NEW.run)
BEGIN SELECT RAISE(ABORT, 'the run has ended'); END;

CREATE TRIGGER diagnosis_no_update BEFORE UPDATE ON diagnosis
BEGIN SELECT RAISE(ABORT, 'diagnosis rows are never changed'); END;
CREATE TRIGGER diagnosis_no_delete BEFORE DELETE ON diagnosis
BEGIN SELECT RAISE(ABORT, 'diagnosis rows are never changed'); END;
CREATE TRIGGER diagnosis_ended BEFORE INSERT ON diagnosis
WHEN EXISTS (SELECT 1 FROM run_end WHERE run = NEW.run)
BEGIN SELECT RAISE(ABORT, 'the run has ended'); END;

CREATE TRIGGER evidence_no_update BEFORE UPDATE ON evidence
BEGIN SELECT RAISE(ABORT, 'evidence rows are never changed'); END;
CREATE TRIGGER evidence_no_delete BEFORE DELETE ON evidence
BEGIN SELECT RAISE(ABORT, 'evidence rows are never changed'); END;
CREATE TRIGGER evidence_ended BEFORE INSERT ON evidence
WHEN EXISTS (SELECT 1 FROM run_end WHERE run = NEW.run)
BEGIN SELECT RAISE(ABORT, 'the run has ended'); END;

CREATE TRIGGER not_checked_no_update BEFORE UPDATE ON not_checked
BEGIN SELECT RAISE(ABORT, 'not_checked rows are never changed'); END;
CREATE TRIGGER not_checked_no_delete BEFORE DELETE ON not_checked
BEGIN SELECT RAISE(ABORT, 'not_checked rows are never changed'); END;
CREATE TRIGGER not_checked_ended BEFORE INSERT ON not_checked
WHEN EXISTS (SELECT 1 FROM run_end WHERE run = NEW.run)
BEGIN SELECT RAISE(ABORT, 'the run has ended'); END;

CREATE TRIGGER verdict_no_update BEFORE UPDATE ON verdict
BEGIN SELECT RAISE(ABORT, 'verdict rows are never changed'); END;
CREATE TRIGGER verdict_no_delete BEFORE DELETE ON verdict
BEGIN SELECT RAISE(ABORT, 'verdict rows are never changed'); END;
CREATE TRIGGER verdict_ended BEFORE INSERT ON verdict
WHEN EXISTS (SELECT 1 FROM run_end WHERE run = NEW.run)
BEGIN SELECT RAISE(ABORT, 'the run has ended'); END;

CREATE TRIGGER why_not_no_update BEFORE UPDATE ON why_not
BEGIN SELECT RAISE(ABORT, 'why_not rows are never changed'); END;
CREATE TRIGGER why_not_no_delete BEFORE DELETE ON why_not
BEGIN SELECT RAISE(ABORT, 'why_not rows are never changed'); END;
CREATE TRIGGER why_not_ended BEFORE INSERT ON why_not
WHEN EXISTS (SELECT 1 FROM run_end WHERE run = NEW.run)
BEGIN SELECT RAISE(ABORT, 'the run has ended'); END;

CREATE TRIGGER baseline_no_update BEFORE UPDATE ON baseline
BEGIN SELECT RAISE(ABORT, 'baseline rows are never changed'); END;
CREATE TRIGGER baseline_no_delete BEFORE DELETE ON baseline
BEGIN SELECT RAISE(ABORT, 'baseline rows are never changed'); END;
CREATE TRIGGER baseline_once BEFORE INSERT ON baseline
WHEN EXISTS (SELECT 1 FROM baseline
	WHERE baseline = NEW.baseline OR name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'baseline row exists already'); END;

CREATE TRIGGER baseline_member_no_update BEFORE UPDATE ON baseline_member
BEGIN SELECT RAISE(ABORT, 'baseline_member rows are never changed'); END;
CREATE TRIGGER baseline_member_no_delete BEFORE DELETE ON baseline_member
BEGIN SELECT RAISE(ABORT, 'baseline_member rows are never changed'); END;
CREATE TRIGGER baseline_member_sealed BEFORE INSERT ON baseline_member
WHEN EXISTS (SELECT 1 FROM baseline_seal WHERE baseline = NEW.baseline)
BEGIN SELECT RAISE(ABORT, 'the baseline is sealed'); END;

CREATE TRIGGER baseline_seal_no_update BEFORE UPDATE ON baseline_seal
BEGIN SELECT RAISE(ABORT, 'baseline_seal rows are never changed'); END;
CREATE TRIGGER baseline_seal_no_delete BEFORE DELETE ON baseline_seal
BEGIN SELECT RAISE(ABORT, 'baseline_seal rows are never changed'); END;
CREATE TRIGGER baseline_seal_once BEFORE INSERT ON baseline_seal
WHEN EXISTS (SELECT 1 FROM baseline_seal WHERE baseline = NEW.baseline)
BEGIN SELECT RAISE(ABORT, 'baseline_seal row exists already'); END;
