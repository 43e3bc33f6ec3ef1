import { Failure } from "./failure.mjs";
import { run } from "./run.mjs";

/** The trainer needs 3.11; the wheels with Postgres stop at 3.14. */
/** @type {[number, number]} */
const OLDEST = [3, 11];
/** @type {[number, number]} */
const NEWEST = [3, 14];

const PROBE = `
import sys, importlib.util as find
missing = [name for name in ("venv", "ensurepip") if find.find_spec(name) is None]
print(sys.version_info[0], sys.version_info[1], sys.version_info[2], ",".join(missing) or "-", sys.executable)
`;

/**
 * @typedef {{ command: string, executable: string, version: [number, number, number], missing: string[] }} Python
 * `missing` names the standard modules needed for a virtual environment that this Python lacks.
 */

/**
 * The first Python that can make the environments. `ATELIER_PYTHON` names one to use instead of looking.
 *
 * @param {{ env?: NodeJS.ProcessEnv, platform?: NodeJS.Platform }} [where]
 * @returns {Promise<Python>}
 * @throws {Failure} that says which Pythons were found and what each lacks
 */
export async function findPython({ env = process.env, platform = process.platform } = {}) {
	const commands = env.ATELIER_PYTHON ? [env.ATELIER_PYTHON] : commandsFor(platform);
	/** @type {Python[]} */
	const found = [];
	for (const command of commands) {
		const python = await probe(command, env);
		if (!python) continue;
		if (isInRange(python.version) && python.missing.length === 0) return python;
		if (!found.some((other) => other.executable === python.executable)) found.push(python);
	}
	throw new Failure(whyNone(found, env.ATELIER_PYTHON, platform));
}

/** @param {NodeJS.Platform} platform */
function commandsFor(platform) {
	if (platform === "win32") return ["py", "python"];
	return ["python3", "python", "python3.13", "python3.12", "python3.11", "python3.14"];
}

/**
 * @param {string} command
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Python | null>} null when there is no such program, or it is no Python 3
 */
async function probe(command, env) {
	const { code, output } = await run(command, ["-c", PROBE], { env });
	const match = /^(\d+) (\d+) (\d+) (\S+) (.+)$/m.exec(output);
	if (code !== 0 || !match) return null;
	const [, major, minor, patch, missing, executable] = match;
	return {
		command,
		executable: executable?.trim() ?? command,
		version: [Number(major), Number(minor), Number(patch)],
		missing: missing === "-" ? [] : (missing ?? "").split(","),
	};
}

/** @param {[number, number, number]} version */
function isInRange([major, minor]) {
	return major === OLDEST[0] && minor >= OLDEST[1] && minor <= NEWEST[1];
}

/** @param {Python[]} found @param {string | undefined} asked @param {NodeJS.Platform} platform */
function whyNone(found, asked, platform) {
	const want = `Atelier needs Python ${OLDEST.join(".")} to ${NEWEST.join(".")}`;
	const withoutVenv = found.find((python) => isInRange(python.version));
	if (withoutVenv) {
		const name = `${withoutVenv.version[0]}.${withoutVenv.version[1]}`;
		const cure = platform === "linux" ? ` (on Debian and Ubuntu: apt install python${name}-venv)` : "";
		return `Python ${name} at ${withoutVenv.executable} cannot make virtual environments: it lacks ${withoutVenv.missing.join(" and ")}. Install them${cure} and run the command again.`;
	}
	if (found.length > 0) {
		const list = found.map((python) => `${python.version.join(".")} at ${python.executable}`).join(", ");
		return `${want}, and found only ${list}. Install a fitting one, or name it with ATELIER_PYTHON=/path/to/python3.`;
	}
	if (asked) return `${want}; ATELIER_PYTHON=${asked} is not a Python that runs.`;
	return `${want}, and found none on the PATH. Install it, or name it with ATELIER_PYTHON=/path/to/python3.`;
}
