import { createPool, type Pool, Prisma } from "@atelier/db";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runField } from "../src/found-runs/run-field";
import { whereOf } from "../src/found-runs/run-filter";
import { orderedIds, type RunSort, withValue } from "../src/found-runs/run-order";
import { type Console, seedDataset, startConsole } from "./console";

const RUNS = 3_000;
const RANKS = [4, 8, 16];

let atelier: Console;
let pool: Pool;

/** Runs `r0` (the newest) to `r2999`: every tenth failed, the others measured, in ties of seven. */
beforeAll(async () => {
	atelier = await startConsole();
	pool = createPool(atelier.url);
	await seedDataset(atelier, { id: "shop", name: "shop-luggage", group: "shop" });
	await seedDataset(atelier, { id: "other", name: "other-shoes" });
	await pool.query(
		`INSERT INTO launch (id, suite, preset, request) VALUES ('aaaa', 'grid', 'small', '{}');
		INSERT INTO run (id, launch_id, dataset_id, method, variant, seed, preset, config, status, error, created_at)
			SELECT 'r' || i, 'aaaa', CASE WHEN i % 3 = 0 THEN 'other' ELSE 'shop' END, CASE WHEN i % 2 = 0 THEN 'ours' ELSE 'core' END,
				'lora-rank=' || i % 3, i % 5, 'small', jsonb_build_object('split', '{"protocol":"leave-one-out"}'::jsonb,
					'evaluate', '{"k":10,"maskSeen":false}'::jsonb, 'note', repeat(md5(i::text), 40), 'one', i,
					'fineTune', jsonb_build_object('loraRank', ('{${RANKS}}'::int[])[1 + i % 3], 'packing', i % 2 = 0)),
				(CASE WHEN i % 10 = 9 THEN 'failed' ELSE 'succeeded' END)::"WorkStatus",
				CASE WHEN i % 10 = 9 THEN 'CUDA out of memory 50%' END, now() - i * interval '1 minute'
			FROM generate_series(0, ${RUNS - 1}) AS i;
		INSERT INTO metric SELECT id, slice, name, (substr(id, 2)::int / 7) / 1000.0, 0, 1, 10 FROM run,
			unnest('{all,cold}'::text[]) AS slice, unnest('{recall@10,ndcg@10,mrr@10,hit@5}'::text[]) AS name
			WHERE status = 'succeeded';
		ANALYZE`,
	);
}, 60_000);
afterAll(async () => {
	await pool?.end();
	await atelier?.stop();
});

const at = (id: string) => Number(id.slice(1));
const list = (input: Parameters<Console["owner"]["runs"]["list"]>[0]) => atelier.owner.runs.list(input);

/** The whole list, page by page. */
async function all(sort: RunSort) {
	const ids: string[] = [];
	for (let after: string | null = null; ; ) {
		const page = await orderedIds(atelier.services.db, { where: Prisma.sql`true`, sort, after, limit: 500 });
		ids.push(...page.ids);
		after = page.nextCursor;
		if (after === null) return ids;
	}
}

describe("runs.list", () => {
	it("pages through every run once, also through ties and past those without a value, either way", async () => {
		for (const by of ["created", "metric:recall@10", "config:fineTune.loraRank", "error"]) {
			for (const descending of [true, false]) {
				const ids = await all({ by, descending });
				expect(new Set(ids).size, by).toBe(RUNS);
				if (!by.startsWith("metric")) continue;
				const measured = ids.slice(0, RUNS * 0.9).map((id) => Math.floor(at(id) / 7));
				expect(measured).toEqual([...measured].sort((a, b) => (descending ? b - a : a - b)));
				expect(ids.slice(RUNS * 0.9).every((id) => at(id) % 10 === 9)).toBe(true);
			}
		}
	});

	it("filters by any column, metric and parameter, and finds words wherever they stand", async () => {
		const count = async (input: Parameters<typeof list>[0]) => (await list({ ...input, limit: 1 })).total;
		const where = (field: string, is: "eq" | "ne" | "lt" | "ge" | "has" | "none", value?: string) => ({
			where: [{ field, is, ...(value !== undefined && { value }) }],
		});
		expect(await count(where("config:fineTune.loraRank", "eq", "8"))).toBe(RUNS / 3);
		expect(await count(where("config:fineTune.loraRank", "ne", "8"))).toBe((RUNS * 2) / 3);
		expect(await count(where("config:fineTune.loraRank", "ge", "8"))).toBe((RUNS * 2) / 3);
		expect(await count(where("config:fineTune.packing", "eq", "true"))).toBe(RUNS / 2);
		expect(await count(where("config:fineTune.nothing", "none"))).toBe(RUNS);
		expect(await count(where("metric:recall@10", "lt", "0.001"))).toBe(7);
		expect(await count(where("metric:recall@10", "none"))).toBe(RUNS / 10);
		expect(await count(where("seed", "eq", "4"))).toBe(RUNS / 5);
		expect(await count(where("error", "has", "memory 50%"))).toBe(RUNS / 10);
		expect(await count(where("error", "has", "memory_50"))).toBe(0);
		expect(await count({ search: "OURS out%shoes" })).toBe(0);
		expect(await count({ search: "core cuda shoes" })).toBe(RUNS / 30);
		expect(await count({ dataset: ["shop"], setting: ["full"], status: ["failed"] })).toBe((RUNS / 10) * (2 / 3));
	});

	it("sends the columns that are shown and no others", async () => {
		const columns = ["metric:cold:hit@5", "config:fineTune.loraRank", "config:fineTune.nothing"];
		const { rows } = await list({ columns, limit: 2 });
		expect(rows.map(({ id }) => id)).toEqual(["r0", "r1"]);
		expect(rows[1]?.values).toEqual({ [columns[0] ?? ""]: 0, [columns[1] ?? ""]: 8, [columns[2] ?? ""]: null });
		expect(Object.keys(rows[0]?.metrics ?? {}).sort()).toEqual(["mrr@10", "ndcg@10", "recall@10"]);
		expect(JSON.stringify((await list({ limit: 200 })).rows).length).toBeLessThan(200 * 1_000);
	});

	it("says what is wrong with a name, a value or a cursor", async () => {
		await expect(list({ sort: { by: "speed", descending: true } })).rejects.toThrow(/no column "speed".*metric:NAME/);
		const where = [{ field: "seed", is: "lt" as const, value: "many" }];
		await expect(list({ where })).rejects.toThrow(/"many" cannot be compared with seed: write a number/);
		await expect(list({ cursor: "r17" })).rejects.toThrow(/ask for its first page again/);
	});

	it("reads an index for what it sorts and filters by, not every run", async () => {
		const plan = async (query: Prisma.Sql) => {
			const { rows } = await pool.query<Record<string, string>>(`EXPLAIN ${query.text}`, [...query.values]);
			return rows.map((row) => row["QUERY PLAN"]).join("\n");
		};
		const first = (by: string, where = Prisma.sql`true`) => withValue(runField(by), where, true, null, 100);
		expect(await plan(first("metric:recall@10"))).toContain("Backward using metric_name_slice_value_idx");
		expect(await plan(first("created"))).toContain("Backward using run_created_at_idx");
		const filter = { where: [{ field: "config:one", is: "eq" as const, value: "17" }] };
		expect(await plan(first("created", await whereOf(atelier.services.db, filter)))).toContain("run_config_idx");
	});
});

describe("runs.groups", () => {
	it("gives mean and deviation over seeds, a seed's repeats counting once", async () => {
		const { groups } = await atelier.owner.runs.groups({ by: ["dataset", "config:fineTune.loraRank"] });
		expect(groups.map(({ values, runs }) => [...values, runs])).toEqual([
			["other-shoes", 4, RUNS / 3],
			["shop-luggage", 8, RUNS / 3],
			["shop-luggage", 16, RUNS / 3],
		]);
		const { rows } = await pool.query<{ mean: number; deviation: number }>(
			`SELECT avg(value) AS mean, stddev_samp(value) AS deviation FROM (
				SELECT avg(value) AS value FROM run JOIN metric ON run_id = id AND slice = 'all' AND name = 'recall@10'
				WHERE dataset_id = 'other' GROUP BY seed) AS seeds`,
		);
		expect(groups[0]?.metrics["recall@10"]?.mean).toBeCloseTo(rows[0]?.mean ?? 0, 12);
		expect(groups[0]?.metrics["recall@10"]?.deviation).toBeCloseTo(rows[0]?.deviation ?? 0, 12);
		expect(groups[0]?.metrics["recall@10"]?.seeds).toBe(5);
	});
});

it("runs.columns says which parameters differ among the newest that match", async () => {
	const { parameters, metrics } = await atelier.owner.runs.columns({ method: ["ours"] });
	expect(parameters.filter(({ differs }) => differs).map(({ path }) => path)).toContain("fineTune.loraRank");
	expect(parameters.find(({ path }) => path === "fineTune.packing")?.differs).toBe(false);
	expect(metrics).toContain("metric:cold:hit@5");
});

describe("what people do with many runs", () => {
	it("tags and notes stay with them, and find them", async () => {
		const { owner } = atelier;
		await owner.runs.annotate({ ids: ["r1", "r2"], add: ["keep", "paper"], note: "as in section 5" });
		await owner.runs.annotate({ ids: ["r2"], add: ["keep"], remove: ["paper"] });
		expect((await list({ tags: ["keep"] })).rows.map(({ id, tags }) => [id, tags])).toEqual([
			["r1", ["keep", "paper"]],
			["r2", ["keep"]],
		]);
		expect((await list({ search: "section paper" })).rows.map(({ id }) => id)).toEqual(["r1"]);
		await expect(owner.runs.annotate({ ids: ["r1"], add: ["a,b"] })).rejects.toThrow(/no comma/);
	});

	it("removal takes ended runs only, all or none of them", async () => {
		const { owner } = atelier;
		await pool.query("UPDATE run SET status = 'queued' WHERE id = 'r5'");
		await expect(owner.runs.remove({ ids: ["r4", "r5"] })).rejects.toThrow(/1 of these runs wait or run.*Nothing/);
		expect(await owner.runs.remove({ ids: ["r4"] })).toEqual({ removed: 1 });
		await expect(owner.runs.get({ id: "r4" })).rejects.toThrow(/No run/);
	});

	it("views are kept by name, and by the same name anew", async () => {
		const { owner } = atelier;
		await owner.runs.saveView({ page: "runs", name: "Failed", query: "status=failed" });
		await owner.runs.saveView({ page: "runs", name: "Failed", query: "status=failed&sort=-created" });
		const [view, ...others] = await owner.runs.views({ page: "runs" });
		expect([view?.query, others]).toEqual(["status=failed&sort=-created", []]);
		expect(await owner.runs.removeView({ id: view?.id ?? "" })).toEqual({ removed: 1 });
	});
});
