// What the console's answers cost with many runs: seconds, the console's processor time, bytes as they are sent, memory.
//
//   npx tsx bench/console/measure.ts [--runs 20000] [--metrics 200] [--out FILE]
//
// The procedures are called as the pages call them, without HTTP and without a browser, on a Postgres of its own.
import { readFile, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { preset } from "@atelier/core";
import { createPool } from "@atelier/db";
import { parse } from "yaml";
import { startConsole } from "../../packages/api/test/console";
import { seedRuns } from "./seed-runs";

const TIMES = 7;
const { values } = parseArgs({
	options: { runs: { type: "string" }, metrics: { type: "string" }, out: { type: "string" } },
});
const size = { runs: Number(values.runs ?? 20_000), metrics: Number(values.metrics ?? 200) };

const miniature = await readFile(new URL("../../suites/presets/miniature.yaml", import.meta.url), "utf8");
// The test's server lets its process end, as tests want it.
const staying = setInterval(() => undefined, 1_000);
const atelier = await startConsole();
const pool = createPool(atelier.url);
const seedSeconds = await seedRuns(pool, size, preset.parse(parse(miniature)));
const { owner } = atelier;
const parameter = "config:fineTune.loraRank";

const asked: Record<string, () => Promise<unknown>> = {
	"runs.list, first rows": () => owner.runs.list({}),
	"runs.list, sorted by a metric": () => owner.runs.list({ sort: { by: "metric:recall@10", descending: true } }),
	"runs.list, sorted by a parameter": () => owner.runs.list({ sort: { by: parameter, descending: true } }),
	"runs.list, filtered by a parameter": () => owner.runs.list({ where: [{ field: parameter, is: "eq", value: "8" }] }),
	"runs.list, filtered by a metric": () =>
		owner.runs.list({ where: [{ field: "metric:cold:recall@10", is: "ge", value: "0.4" }] }),
	"runs.list, searched": () => owner.runs.list({ search: "core memory" }),
	"runs.columns": () => owner.runs.columns({}),
	"runs.revision (what is polled)": () => owner.runs.revision(),
	"runs.groups by method": () => owner.runs.groups({ by: ["method"] }),
	"runs.groups by dataset and a parameter": () => owner.runs.groups({ by: ["dataset", parameter] }),
	"results.table2": () => owner.results.table2({}),
	"results.table3": () => owner.results.table3({}),
	"results.findings (without its paired tests)": () => owner.results.findings({}),
	"overview.get": () => owner.overview.get(),
	"inspector.runs": () => owner.inspector.runs({}),
};

const answers: Record<string, object> = {};
for (const [name, ask] of Object.entries(asked)) {
	const seconds: number[] = [];
	const before = process.cpuUsage();
	let answer: unknown;
	for (let i = 0; i < TIMES; i += 1) {
		const began = performance.now();
		answer = await ask();
		seconds.push((performance.now() - began) / 1_000);
	}
	const { user, system } = process.cpuUsage(before);
	const text = JSON.stringify(answer);
	answers[name] = {
		firstSeconds: rounded(seconds[0] ?? 0),
		medianSeconds: rounded([...seconds].sort((a, b) => a - b)[TIMES >> 1] ?? 0),
		consoleCpuSeconds: rounded((user + system) / 1e6 / TIMES),
		bytes: text.length,
		bytesCompressed: gzipSync(text).length,
	};
	console.error(name, answers[name]);
}
const { rows } = await pool.query<{ runs: number; metrics: number; cells: number }>(
	`SELECT (SELECT count(*) FROM run)::int AS runs, (SELECT count(*) FROM metric)::int AS metrics,
		(SELECT count(*) FROM cell)::int AS cells`,
);
const report = {
	benchmark: "console",
	at: new Date().toISOString(),
	machine: {
		processor: cpus()[0]?.model ?? "unknown",
		cores: cpus().length,
		memoryGb: Math.round(totalmem() / 2 ** 30),
	},
	record: rows[0],
	seedSeconds,
	answers,
	consolePeakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1_024),
};
const text = `${JSON.stringify(report, null, 1)}\n`;
if (values.out) await writeFile(values.out, text);
console.log(text);
await pool.end();
await atelier.stop();
clearInterval(staying);

function rounded(seconds: number): number {
	return Number(seconds.toPrecision(3));
}
