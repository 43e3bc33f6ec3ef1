// An object store with Amazon's protocol that lives as long as whoever started it: prints one line of JSON, with its
// address and keys or with the reason why it cannot be had, and ends, removing everything, when standard input closes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installObjectStore, objectStorePython } from "./lib/object-store.mjs";
import { root } from "./lib/paths.mjs";

const why = await installObjectStore();
if (why !== null) {
	console.log(JSON.stringify({ why }));
	process.exit(0);
}
const folder = mkdtempSync(join(tmpdir(), "atelier-objects-"));
const script = join(root, "scripts", "object-store", "serve.py");
const child = spawn(objectStorePython, ["-W", "ignore", script, join(folder, "swift")], {
	stdio: ["pipe", "inherit", "pipe"],
});
let words = "";
child.stderr.on("data", (text) => {
	words = `${words}${text}`.slice(-2_000);
});
// It ends by itself when its own standard input closes, which it does however this process ends.
const end = () => void child.stdin.end();
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, end);
process.stdin.resume();
process.stdin.on("end", end);
process.stdin.on("error", end);
const [code] = await once(child, "exit");
rmSync(folder, { recursive: true, force: true });
if (code !== 0) console.log(JSON.stringify({ why: `it ended with ${code}: ${words.trim().split("\n").at(-1)}` }));
