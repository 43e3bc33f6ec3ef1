import type { Database } from "@atelier/db";
import { importRequest } from "./import-request";
import { outsideImportRequest } from "./outside-imports";

/** Ids of the uploads that an import waits for or reads. */
export async function neededUploads(db: Database): Promise<Set<string>> {
	const importing = await db.dataset.findMany({ where: { status: "importing" }, select: { request: true } });
	const checking = await db.outsideImport.findMany({
		where: { status: { in: ["queued", "running"] } },
		select: { request: true },
	});
	const ids = [
		...importing.map(({ request }) => {
			const parsed = importRequest.safeParse(request);
			return parsed.success && parsed.data.kind === "import" ? parsed.data.upload : undefined;
		}),
		...checking.map(({ request }) => outsideImportRequest.safeParse(request).data?.upload),
	];
	return new Set(ids.filter((id) => id !== undefined));
}
