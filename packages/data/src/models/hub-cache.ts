import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@atelier/core";

const COMMIT = /^[0-9a-f]{40}$/;

/** A branch or tag, which is a path of the cache too. */
const REVISION = /^(?!.*(?:^|[/])[.])[\w./-]+$/;

/**
 * The commit that a hub model's name stands for: the one that it names itself (`owner/name@commit`), or what the branch
 * or tag that it names (`main` where it names none) was when it was last downloaded. No hub is asked: what a launch stands for must not depend on the network.
 *
 * @param cache folder of the Hugging Face cache (`models--owner--name/refs/main`, `…/snapshots/<commit>`)
 * @throws AppError CONFLICT that says how to have the model here
 */
export async function hubCommit(model: string, cache: string): Promise<string> {
	const [name = model, revision = "main"] = model.split("@");
	if (COMMIT.test(revision)) return revision;
	if (!REVISION.test(revision)) {
		throw new AppError("BAD_REQUEST", `"${model}": "${revision}" is no revision: a branch, a tag or a commit.`);
	}
	const folder = join(cache, `models--${name.replaceAll("/", "--")}`);
	const commit = (await readFile(join(folder, "refs", revision), "utf8").catch(() => "")).trim();
	if (COMMIT.test(commit) && (await holdsFiles(join(folder, "snapshots", commit)))) return commit;
	const snapshots = await readdir(join(folder, "snapshots")).catch(() => []);
	const known = snapshots.filter((snapshot) => COMMIT.test(snapshot));
	const others = known.length > 0 ? ` The cache has it at ${known.map((one) => `${name}@${one}`).join(", ")}.` : "";
	throw new AppError(
		"CONFLICT",
		`Which commit of ${name} is meant by ${revision} cannot be told: it is not in the Hugging Face cache (${cache}). Download it first (hf download ${name}${revision === "main" ? "" : ` --revision ${revision}`}), name the commit (baseModel.revision, or ${name}@…), or give the model's folder.${others}`,
	);
}

async function holdsFiles(folder: string): Promise<boolean> {
	return existsSync(folder) && (await readdir(folder)).length > 0;
}
