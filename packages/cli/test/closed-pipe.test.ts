import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";

const BIN = `${import.meta.dirname}/../bin/atelier.mjs`;

/** Answers any procedure with far more than a pipe holds. */
const server = createServer((_, response) => {
	const row = { name: "x".repeat(200), group: null, status: "ready", synthetic: false, statistics: null };
	const rows = Array.from({ length: 5_000 }, () => row);
	response.setHeader("content-type", "application/json");
	response.end(JSON.stringify([{ result: { data: { json: rows } } }]));
});
beforeAll(async () => {
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
});
afterAll(() => server.close());

it.each(["dataset list", "dataset list --json", "--help", "runs nope 2>&1"])(
	"ends quietly, and as shells expect, when nobody reads on: atelier %s",
	async (line) => {
		const address = server.address();
		if (address === null || typeof address === "string") throw new Error("no port");
		const env = { ...process.env, ATELIER_URL: `http://127.0.0.1:${address.port}`, ATELIER_CLI_TOKEN: "x" };
		const child = spawn("bash", ["-c", `node ${BIN} ${line} | head -c 0; echo "\${PIPESTATUS[0]}"`], { env });
		const said = { out: "", err: "" };
		child.stdout.on("data", (text) => {
			said.out += String(text);
		});
		child.stderr.on("data", (text) => {
			said.err += String(text);
		});
		await once(child, "close");
		expect(said).toEqual({ out: "141\n", err: "" });
	},
	60_000,
);
