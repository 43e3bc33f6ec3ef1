import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take longest for what they wait for. Begun last, one of them would run on with a core idle beside it. */
const LONG = [
	"ray-conformance",
	"local-conformance",
	"import-process",
	"real-trainer",
	"remote-inbox",
	"ray-executor",
	"two-workers",
];

class LongFilesFirst extends BaseSequencer {
	override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		const place = ({ moduleId }: TestSpecification) => {
			const at = LONG.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
			return at < 0 ? LONG.length : at;
		};
		return (await super.sort(files)).sort((a, b) => place(a) - place(b));
	}
}

export default defineConfig({
	test: {
		projects: ["apps/*", "packages/*", "!packages/trainer", "scripts"],
		sequence: { sequencer: LongFilesFirst },
	},
});
