import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { root } from "../lib/paths.mjs";

// Images and clusters cannot be made where tests run: what is checked is that their files and ours say the same.
/** @param {string[]} path */
const read = (...path) => readFileSync(join(root, ...path), "utf8");
const COMPOSE = ["compose.yaml", "compose.gpu.yaml"];
const DOCKERFILES = ["Dockerfile", "trainer.Dockerfile"];
const compose = parse(read("docker", "compose.yaml"), { merge: true });
const settings = Object.fromEntries(
	[...read("docker", ".env.example").matchAll(/^(?:# )?([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
);

/** A service's environment as compose hands it over, with a filled-in `.env`. @param {string} service */
function environmentOf(service) {
	/** @param {string} text */
	const filled = (text) =>
		text.replace(
			/\$\{(\w+)(?::([-?])([^}]*))?\}/g,
			(_, name, kind, other) => settings[name] || (kind === "-" ? other : "f".repeat(64)),
		);
	/** @type {Record<string, string>} */
	const told = compose.services[service].environment;
	return Object.fromEntries(Object.entries(told).map(([name, value]) => [name, filled(String(value))]));
}

/** What an image of ours sets by itself. @param {string} stage */
function environmentOfImage(stage) {
	const stages = read("docker", "Dockerfile").split(/^FROM /m);
	const own = stages.filter((text) => text.startsWith(`node AS ${stage}`) || text.startsWith("sources AS node"));
	return Object.fromEntries(
		own.flatMap((text) =>
			[...text.matchAll(/^ENV (.*)$/gm)].flatMap(([, line]) =>
				[...(line ?? "").matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]),
			),
		),
	);
}

/** Variables that an `env.ts` and the store's settings read. @param {string} app */
function variablesOf(app) {
	const files = [
		read("apps", app, app === "web" ? "env.ts" : "src/env.ts"),
		read("packages", "store", "src", "settings.ts"),
	];
	return new Set(files.flatMap((text) => text.match(/\b(?:ATELIER_\w+|DATABASE_URL)\b/g) ?? []));
}

afterEach(() => vi.unstubAllEnvs());

describe("the images' environment", () => {
	it("is one that the console starts with", async () => {
		const given = { ...environmentOfImage("console"), ...environmentOf("console") };
		expect(
			Object.keys(given).filter((name) => /^(ATELIER|DATABASE)/.test(name) && !variablesOf("web").has(name)),
		).toEqual([]);
		for (const [name, value] of Object.entries(given)) vi.stubEnv(name, value);
		const { readEnv, readServerEnv } = await import("../../apps/web/env");
		expect(readEnv()).toMatchObject({ ATELIER_HOME: "/data", ATELIER_STORE: "s3://atelier" });
		expect(readServerEnv()).toMatchObject({ ATELIER_LISTEN: "0.0.0.0" });
		// The console's variables are read with all that its procedures import.
	}, 60_000);

	it("is one that the worker starts with, and names no other variable than those that it reads", async () => {
		const given = { ...environmentOfImage("worker"), ...environmentOf("worker") };
		expect(
			Object.keys(given).filter((name) => /^(ATELIER|DATABASE)/.test(name) && !variablesOf("worker").has(name)),
		).toEqual([]);
		const { readEnv } = await import("../../apps/worker/src/env");
		expect(readEnv(given)).toMatchObject({ ATELIER_HOME: "/data", ATELIER_TRAINER_PYTHON: "/opt/trainer/bin/python" });
	});

	it("keeps every secret out of the files: none has a value there, and all are asked for", () => {
		const secrets = Object.keys(settings).filter((name) => /PASSWORD|SECRET|TOKEN/.test(name));
		expect(secrets.sort()).toEqual([
			"ATELIER_CLI_TOKEN",
			"ATELIER_SECRET",
			"ATELIER_STORE_SECRET",
			"POSTGRES_PASSWORD",
			"RAY_AUTH_TOKEN",
		]);
		expect(secrets.filter((name) => settings[name] !== "")).toEqual([]);
		for (const file of COMPOSE) {
			const named = [...read("docker", file).matchAll(/\$\{(\w+)/g)].map(([, name]) => name);
			expect(named.filter((name) => name !== undefined && !(name in settings))).toEqual([]);
		}
	});
});

describe("the images' versions", () => {
	it("are named, and are the pinned ones", () => {
		const yaml = [...COMPOSE, "kuberay.yaml"].flatMap((file) => [...read("docker", file).matchAll(/image: (\S+)/g)]);
		const bases = DOCKERFILES.flatMap((file) => [...read("docker", file).matchAll(/^FROM (\S+:\S+)/gm)]);
		const images = [...yaml, ...bases].map(([, image]) => image ?? "");
		expect(images.length).toBeGreaterThan(10);
		expect(images.filter((image) => !/:\d+\.\d+/.test(image))).toEqual([]);
		const { version } = JSON.parse(read("package.json"));
		expect(images.filter((image) => image.startsWith("atelier-") && !image.includes(`:${version}`))).toEqual([]);
	});

	it("has one Ray, that of the requirements", () => {
		const [, ray] = /^ray\[default\]==(\S+)$/m.exec(read("packages", "trainer", "requirements-ray.txt")) ?? [];
		const [cluster] = parseAllDocuments(read("docker", "kuberay.yaml")).map((document) => document.toJS());
		expect(cluster.spec.rayVersion).toBe(ray);
	});

	it("has a Node and a Python that the packages run on", () => {
		const [, node] = /^FROM node:(\d+)\./m.exec(read("docker", "Dockerfile")) ?? [];
		const [, wanted] = /(\d+)/.exec(JSON.parse(read("package.json")).engines.node) ?? [];
		expect(Number(node)).toBeGreaterThanOrEqual(Number(wanted));
		const [, python] = /^FROM python:3\.(\d+)\./m.exec(read("docker", "trainer.Dockerfile")) ?? [];
		const [, oldest] = /requires-python = ">=3\.(\d+)"/.exec(read("packages", "trainer", "pyproject.toml")) ?? [];
		expect(Number(python)).toBeGreaterThanOrEqual(Number(oldest));
	});

	it("copies only files that are there, and every package of the lock", () => {
		for (const file of DOCKERFILES) {
			const copied = [...read("docker", file).matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, names]) =>
				(names ?? "").split(" "),
			);
			const missing = copied.filter((name) => name !== "." && !isThere(name));
			expect(missing).toEqual([]);
		}
		const packages = Object.keys(JSON.parse(read("package-lock.json")).packages).filter(
			(name) => /^(apps|packages|e2e)\b/.test(name) && !name.includes("node_modules"),
		);
		const text = read("docker", "Dockerfile");
		expect(packages.filter((name) => !text.includes(`COPY ${name}/package.json `))).toEqual([]);
	});

	it("runs nobody as root, and everything that stays up has a healthcheck", () => {
		for (const file of DOCKERFILES) {
			const last = [...read("docker", file).matchAll(/^USER (\S+)$/gm)].at(-1);
			expect(last?.[1], file).toBe("atelier");
		}
		const text = DOCKERFILES.map((file) => read("docker", file)).join("\n");
		/** @type {[string, { image: string, healthcheck?: object }][]} */
		const services = Object.entries(compose.services);
		for (const [name, { image, healthcheck }] of services) {
			if (image.startsWith("atelier-")) expect(text, name).toContain("HEALTHCHECK");
			else expect(healthcheck, name).toBeDefined();
		}
	});
});

describe("the manifest for KubeRay", () => {
	it("asks for a token, runs unprivileged, and gives GPUs to workers alone", () => {
		const [cluster, policy] = parseAllDocuments(read("docker", "kuberay.yaml")).map((document) => {
			expect(document.errors).toEqual([]);
			return document.toJS();
		});
		const { authOptions, headGroupSpec, workerGroupSpecs } = cluster.spec;
		expect(authOptions).toEqual({ mode: "token" });
		const [head, ...workers] = [headGroupSpec, ...workerGroupSpecs].map(({ template }) => template.spec);
		for (const { securityContext, containers } of [head, ...workers]) {
			expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 10001 });
			expect(containers[0].securityContext).toMatchObject({ allowPrivilegeEscalation: false });
		}
		expect(head.containers[0].resources.limits).not.toHaveProperty(["nvidia.com/gpu"]);
		expect(workers.map(({ containers }) => containers[0].resources.limits["nvidia.com/gpu"])).toEqual([1]);
		expect(policy.spec.podSelector.matchLabels["ray.io/cluster"]).toBe(cluster.metadata.name);
	});
});

/** @param {string} name */
function isThere(name) {
	try {
		readFileSync(join(root, name));
		return true;
	} catch (error) {
		// A folder is there too.
		return error instanceof Error && "code" in error && error.code === "EISDIR";
	}
}
