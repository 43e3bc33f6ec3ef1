/** libpq's variables for an address: a password on a command line can be read by everybody on the machine. @param {string} url */
export function pgEnvironment(url) {
	const { hostname, port, username, password, pathname, searchParams } = new URL(url);
	const others = Object.entries(process.env).filter(([name]) => !name.startsWith("PG"));
	const sslmode = searchParams.get("sslmode");
	return {
		...Object.fromEntries(others),
		PGHOST: decodeURIComponent(hostname),
		PGPORT: port || "5432",
		PGUSER: decodeURIComponent(username),
		PGPASSWORD: decodeURIComponent(password),
		PGDATABASE: decodeURIComponent(pathname.slice(1)),
		...(sslmode && { PGSSLMODE: sslmode }),
	};
}
