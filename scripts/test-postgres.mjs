// A Postgres that lives as long as whoever started it: prints one line of JSON with its address, and ends, removing
// everything, when standard input closes (that is, when its parent ends, however that happens) or on SIGTERM.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sentenceFor } from "./lib/failure.mjs";
import { home } from "./lib/paths.mjs";
import { ensurePostgresBinaries, postgresPlace } from "./lib/postgres-binaries.mjs";
import { startPostgres, stopPostgres } from "./lib/postgres-server.mjs";
import { findPython } from "./lib/python.mjs";

try {
	const place = postgresPlace(home, console.error);
	const { binaries } = await ensurePostgresBinaries({ place, python: findPython });
	const folder = mkdtempSync(join(tmpdir(), "atelier-test-"));
	// Nothing here outlives the run: durability is traded for speed.
	const settings = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"];
	const server = await startPostgres({ folder, binaries, settings });
	let ending = false;
	const end = async () => {
		if (ending) return;
		ending = true;
		await stopPostgres({ folder, binaries });
		rmSync(folder, { recursive: true, force: true });
		process.exit(0);
	};
	for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, end);
	process.stdin.resume();
	process.stdin.on("end", end);
	process.stdin.on("error", end);
	console.log(JSON.stringify({ url: server.url, pid: server.pid }));
} catch (error) {
	console.error(sentenceFor(error));
	process.exit(1);
}
