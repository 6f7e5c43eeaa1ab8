CREATE TABLE "Weird Name" (
	"select" INT8 NOT NULL,
	"Mixed Case" STRING NULL,
	"q""uote" STRING NULL,
	CONSTRAINT "primary" PRIMARY KEY ("select" ASC),
	FAMILY "primary" ("select", "Mixed Case", "q""uote")
);

CREATE TABLE z_parent (
	id INT8 NOT NULL,
	c INT8 NULL,
	CONSTRAINT "primary" PRIMARY KEY (id ASC),
	INDEX z_parent_auto_index_fk_c_ref_a_child (c ASC),
	FAMILY "primary" (id, c)
);

CREATE TABLE a_child (
	id INT8 NOT NULL,
	p INT8 NULL,
	CONSTRAINT "primary" PRIMARY KEY (id ASC),
	INDEX a_child_auto_index_a_p (p ASC),
	FAMILY "primary" (id, p)
);

CREATE TABLE customers (
	id UUID NOT NULL DEFAULT gen_random_uuid(),
	email STRING(80) NOT NULL,
	name STRING COLLATE en NULL,
	created TIMESTAMPTZ NOT NULL DEFAULT now():::TIMESTAMPTZ,
	born DATE NULL,
	active BOOL NULL DEFAULT true,
	CONSTRAINT "primary" PRIMARY KEY (id ASC),
	UNIQUE INDEX customers_email_key (email ASC),
	INDEX by_name (name ASC) STORING (active),
	FAMILY f1 (id, email, name),
	FAMILY f2 (created, born, active),
	CONSTRAINT email_has_at CHECK (email LIKE '%@%')
);

CREATE SEQUENCE order_seq MINVALUE 1 MAXVALUE 9223372036854775807 INCREMENT 5 START 100;

CREATE TABLE orders (
	id INT8 NOT NULL DEFAULT nextval('order_seq':::STRING),
	customer UUID NOT NULL,
	total DECIMAL(12,2) NOT NULL,
	note STRING NULL,
	doc JSONB NULL,
	raw BYTES NULL,
	tags STRING[] NULL,
	ip INET NULL,
	dur INTERVAL NULL,
	t TIME NULL,
	ttz TIMETZ NULL,
	f4 FLOAT4 NULL,
	f8 FLOAT8 NULL,
	i2 INT2 NULL,
	i4 INT4 NULL,
	vb VARBIT(10) NULL,
	ts TIMESTAMP NULL,
	CONSTRAINT "primary" PRIMARY KEY (id ASC),
	INDEX orders_customer_total_idx (customer ASC, total DESC),
	INVERTED INDEX doc_idx (doc),
	FAMILY "primary" (id, customer, total, note, doc, raw, tags, ip, dur, t, ttz, f4, f8, i2, i4, vb, ts)
);
COMMENT ON TABLE orders IS 'all orders';
COMMENT ON COLUMN orders.note IS 'free text';

CREATE VIEW big_orders (id, email) AS SELECT o.id, c.email FROM shop.public.orders AS o JOIN shop.public.customers AS c ON o.customer = c.id WHERE o.total > 100;

CREATE TABLE items (
	order_id INT8 NOT NULL,
	n INT8 NOT NULL,
	sku STRING NULL,
	price DECIMAL NULL,
	qty INT8 NULL DEFAULT 1:::INT8,
	amount DECIMAL NULL AS (price * qty::DECIMAL) STORED,
	CONSTRAINT "primary" PRIMARY KEY (order_id ASC, n ASC),
	FAMILY "primary" (order_id, n, sku, price, qty, amount)
) INTERLEAVE IN PARENT orders (order_id);

CREATE TABLE nopk (
	a INT8 NULL,
	b STRING NULL,
	FAMILY "primary" (a, b, rowid)
);

CREATE SEQUENCE plain_seq MINVALUE 1 MAXVALUE 9223372036854775807 INCREMENT 1 START 1;

INSERT INTO "Weird Name" ("select", "Mixed Case", "q""uote") VALUES
	(1, 'v', 'w');

INSERT INTO z_parent (id, c) VALUES
	(1, 1);

INSERT INTO a_child (id, p) VALUES
	(1, 1);

INSERT INTO customers (id, email, name, created, born, active) VALUES
	('11111111-1111-1111-1111-111111111111', 'a@x.io', 'Ann' COLLATE en, '2020-01-01 00:00:00+00:00', '1990-02-03', true),
	('22222222-2222-2222-2222-222222222222', 'b@x.io', NULL, '2020-01-02 00:00:00.123456+00:00', NULL, true);

SELECT setval('order_seq', 110, false);
