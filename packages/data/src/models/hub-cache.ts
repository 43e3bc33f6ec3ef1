import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@atelier/core";

const COMMIT = /^[0-9a-f]{40}$/;

/**
 * The commit that a hub model's name stands for: the one that it names itself (`owner/name@commit`), or what the branch
 * `main` was when it was last downloaded. No hub is asked: what a launch stands for must not depend on the network.
 *
 * @param cache folder of the Hugging Face cache (`models--owner--name/refs/main`, `…/snapshots/<commit>`)
 * @throws AppError CONFLICT that says how to have the model here
 */
export async function hubCommit(model: string, cache: string): Promise<string> {
	const [name = model, named] = model.split("@");
	if (named !== undefined) {
		if (COMMIT.test(named)) return named;
		throw new AppError("BAD_REQUEST", `"${model}": what follows the @ is no commit, which has 40 hexadecimal digits.`);
	}
	const folder = join(cache, `models--${name.replaceAll("/", "--")}`);
	const commit = (await readFile(join(folder, "refs", "main"), "utf8").catch(() => "")).trim();
	if (COMMIT.test(commit) && (await holdsFiles(join(folder, "snapshots", commit)))) return commit;
	const snapshots = await readdir(join(folder, "snapshots")).catch(() => []);
	const known = snapshots.filter((snapshot) => COMMIT.test(snapshot));
	const others = known.length > 0 ? ` The cache has it at ${known.map((one) => `${name}@${one}`).join(", ")}.` : "";
	throw new AppError(
		"CONFLICT",
		`Which commit of ${name} is meant cannot be told: it is not in the Hugging Face cache (${cache}). Download it first (hf download ${name}), name the commit (${name}@…), or give the model's folder.${others}`,
	);
}

async function holdsFiles(folder: string): Promise<boolean> {
	return existsSync(folder) && (await readdir(folder)).length > 0;
}
