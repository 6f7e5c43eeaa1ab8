CREATE TABLE b (
	id INT8 NOT NULL,
	x INT8 NULL,
	CONSTRAINT "primary" PRIMARY KEY (id ASC),
	FAMILY "primary" (id, x)
);

CREATE VIEW a_view (id) AS SELECT id FROM vv.public.b;

CREATE VIEW aa_view (id) AS SELECT id FROM vv.public.a_view;

CREATE TABLE emp (
	id INT8 NOT NULL,
	boss INT8 NULL,
	CONSTRAINT "primary" PRIMARY KEY (id ASC),
	INDEX emp_auto_index_fk_boss_ref_emp (boss ASC),
	FAMILY "primary" (id, boss)
);

CREATE TABLE empty (
	id INT8 NOT NULL,
	CONSTRAINT "primary" PRIMARY KEY (id ASC),
	FAMILY "primary" (id)
);

CREATE TABLE hs (
	id INT8 NOT NULL,
	v INT8 NULL,
	CONSTRAINT "primary" PRIMARY KEY (id ASC) USING HASH WITH BUCKET_COUNT = 4,
	FAMILY "primary" (crdb_internal_id_shard_4, id, v)
);

CREATE TABLE mc (
	a INT8 NOT NULL,
	b INT8 NOT NULL,
	c INT8 NULL,
	CONSTRAINT "primary" PRIMARY KEY (b ASC, a ASC),
	UNIQUE INDEX mc_c_a_key (c ASC, a ASC),
	FAMILY "primary" (a, b, c)
);

CREATE TABLE ser (
	id INT8 NOT NULL DEFAULT unique_rowid(),
	u INT8 NULL,
	CONSTRAINT "primary" PRIMARY KEY (id ASC),
	UNIQUE INDEX ser_u_key (u ASC),
	FAMILY "primary" (id, u),
	CONSTRAINT check_u CHECK (u > 0)
);

INSERT INTO emp (id, boss) VALUES
	(1, NULL),
	(2, 1);

INSERT INTO hs (id, v) VALUES
	(1, 2);

INSERT INTO mc (a, b, c) VALUES
	(1, 2, 3);

INSERT INTO ser (id, u) VALUES
	(1229657610863804417, 5);

ALTER TABLE emp ADD CONSTRAINT fk_boss_ref_emp FOREIGN KEY (boss) REFERENCES emp(id);

-- Validate foreign key constraints. These can fail if there was unvalidated data during the dump.
ALTER TABLE emp VALIDATE CONSTRAINT fk_boss_ref_emp;
