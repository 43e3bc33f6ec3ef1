import type { StageKind } from "../contracts";

/**
 * Versions of the pip packages that models come from (packages/trainer/requirements-models.txt), by the name that
 * parameters give them.
 */
export const MODEL_PACKAGES: Readonly<Record<string, string>> = { smollm2: "0.1.2", minilm: "0.1.0" };

/** A model that a stage takes from elsewhere, by how its parameters name it; a hub's with `@` and its revision. */
export interface ModelName {
	from: "hub" | "path" | "package";
	name: string;
}

/** What a name stands for: `hub tiiuae/falcon-7b` → a commit, `path /models/tiny` → `sha256:…`, `package minilm` → a version. */
export type ModelPins = ReadonlyMap<string, string>;

export const pinName = ({ from, name }: ModelName): string => `${from} ${name}`;

/** The model from elsewhere that a stage with these parameters reads; null for one that is made here. */
export function modelOf(kind: StageKind, params: Readonly<Record<string, unknown>>): ModelName | null {
	const { source, encoder, textEncoder, revision } = params;
	const given = params[modelField(kind)];
	const name = typeof given === "string" ? given : null;
	if (kind === "base-model") {
		const isElsewhere = source === "hub" || source === "path" || source === "package";
		if (!isElsewhere || name === null) return null;
		const isRevised = source === "hub" && typeof revision === "string" && !name.includes("@");
		return { from: source, name: isRevised ? `${name}@${revision}` : name };
	}
	if (kind === "baseline" && textEncoder === "longformer" && name !== null) return hubOrFolder(name);
	if (kind !== "title-encoder" && kind !== "encode-queries") return null;
	if (encoder === "minilm") return { from: "package", name: "minilm" };
	return encoder === "clip" && name !== null ? hubOrFolder(name) : null;
}

/** The parameter that names a kind's model from elsewhere; `model` of a baseline says which baseline it is. */
const modelField = (kind: StageKind) => (kind === "baseline" ? "textModel" : "model");

const hubOrFolder = (name: string): ModelName => ({ from: isFolder(name) ? "path" : "hub", name });

const withoutRevision = (params: Record<string, unknown>) =>
	params.revision === undefined ? params : { ...params, revision: null };

const isFolder = (name: string) => name.startsWith("/") || /^[A-Za-z]:[\\/]/.test(name);

/**
 * Parameters with what the model's name stood for at the launch, and what of them a stage's key is made of: of a folder
 * its content and not its path, of anything else the name too. Without a pin (a plan that nobody launches) the name alone.
 */
export function pinned(
	kind: StageKind,
	params: Record<string, unknown>,
	pins: ModelPins | undefined,
): { params: Record<string, unknown>; keyed: Record<string, unknown> } {
	const model = modelOf(kind, params);
	const resolved = model === null ? undefined : pins?.get(pinName(model));
	if (model === null || resolved === undefined) return { params, keyed: params };
	// `owner/name@commit`, a revision and a name that stand for the same commit are the same model.
	const field = modelField(kind);
	const named = model.from === "hub" ? { ...withoutRevision(params), [field]: model.name.split("@")[0] } : params;
	const all = { ...named, resolved };
	return { params: all, keyed: model.from === "path" ? { ...all, [field]: null } : all };
}
