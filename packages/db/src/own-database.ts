import pg from "pg";
import { ensureDatabase, withClient } from "./migrate";

export interface OwnDatabase {
	/** Name of the database. */
	name: string;
	/** Whom console and worker are to the server. */
	role: string;
	password: string;
}

/**
 * The record on a server of our own, for a role that owns it and nothing else: no superuser, who could read the server's
 * files and run its programs. What takes a superuser (the role, the database, pgvector) is done here at every start. A
 * record that an earlier version made as the superuser is handed over.
 *
 * @param serverUrl the server as its superuser
 * @returns the record's address for that role
 */
export async function prepareOwnDatabase(serverUrl: string, { name, role, password }: OwnDatabase): Promise<string> {
	const quotedRole = pg.escapeIdentifier(role);
	await withClient(serverUrl, async (client) => {
		const { rowCount } = await client.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [role]);
		if (rowCount === 0) await client.query(`CREATE ROLE ${quotedRole}`);
		await client.query(
			`ALTER ROLE ${quotedRole} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
			PASSWORD ${pg.escapeLiteral(password)}`,
		);
	});
	const ownerUrl = await ensureDatabase(serverUrl, name);
	await withClient(ownerUrl, async (client) => {
		await client.query("BEGIN");
		await client.query(`ALTER DATABASE ${pg.escapeIdentifier(name)} OWNER TO ${quotedRole}`);
		await client.query("CREATE EXTENSION IF NOT EXISTS vector");
		await client.query("ALTER EXTENSION vector UPDATE");
		const { rows } = await client.query<{ command: string }>(HAND_OVER, [role]);
		for (const { command } of rows) await client.query(command);
		await client.query("COMMIT");
	});
	const url = new URL(ownerUrl);
	url.username = role;
	url.password = password;
	return url.href;
}

/** One ALTER for each object that is someone else's. `REASSIGN OWNED` refuses to, where they are the first superuser's. */
const HAND_OVER = `
	WITH target AS (SELECT oid, quote_ident(rolname) AS name FROM pg_roles WHERE rolname = $1),
	objects AS (
		SELECT 'pg_namespace'::regclass AS class, oid, oid AS schema, nspowner AS owner, 'SCHEMA' AS kind, quote_ident(nspname) AS name
		FROM pg_namespace WHERE nspname <> 'public'
		UNION ALL
		SELECT 'pg_class'::regclass, oid, relnamespace, relowner, 'TABLE', oid::regclass::text
		FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm')
		UNION ALL
		SELECT 'pg_class'::regclass, oid, relnamespace, relowner, 'SEQUENCE', oid::regclass::text
		FROM pg_class WHERE relkind = 'S' AND NOT EXISTS (
			-- Those of a column follow their table.
			SELECT 1 FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype IN ('a', 'i')
		)
		UNION ALL
		SELECT 'pg_type'::regclass, oid, typnamespace, typowner, 'TYPE', oid::regtype::text
		FROM pg_type WHERE typtype IN ('e', 'd') OR (typtype = 'c' AND EXISTS (
			SELECT 1 FROM pg_class WHERE pg_class.oid = typrelid AND relkind = 'c'
		))
		UNION ALL
		SELECT 'pg_proc'::regclass, oid, pronamespace, proowner, 'ROUTINE', oid::regprocedure::text FROM pg_proc
	)
	SELECT format('ALTER %s %s OWNER TO %s', objects.kind, objects.name, target.name) AS command
	FROM objects JOIN pg_namespace ON pg_namespace.oid = objects.schema, target
	WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' AND owner <> target.oid AND NOT EXISTS (
		SELECT 1 FROM pg_depend WHERE classid = objects.class AND objid = objects.oid AND deptype = 'e'
	)`;
