// Brings the record of DATABASE_URL up to date, as `npm start` does.
import { sentenceFor } from "../scripts/lib/failure.mjs";
import { migrateRecord } from "../scripts/lib/record.mjs";

try {
	await migrateRecord({ serverUrl: process.env.DATABASE_URL ?? "", own: false });
} catch (error) {
	console.error(sentenceFor(error));
	process.exitCode = 1;
}
