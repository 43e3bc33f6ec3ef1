import type { Client } from "../client";

type Dataset = Pick<Awaited<ReturnType<Client["datasets"]["get"]["query"]>>, "summary" | "warned">;

/** Lines that show a wrong reading of a log before anything is trained on it; none for imports of earlier versions. */
export function importSummary({ summary, warned }: Dataset): string[] {
	const left = Object.entries(warned).map(([what, rows]) => `Note: ${what} (${rows.toLocaleString("en-US")} ×).`);
	if (summary === null) return left;
	const { firstAt, lastAt, eventsPerUser, withTitle, withAttributes, odd } = summary;
	const share = (value: number) => `${(100 * value).toFixed(0)} %`;
	return [
		firstAt === null || lastAt === null
			? "Times: none; the order of the events alone is known."
			: `Times: ${moment(firstAt)} to ${moment(lastAt)} UTC.`,
		`Events a user: ${eventsPerUser.median} at the median, ${eventsPerUser.most.toLocaleString("en-US")} at most.`,
		`Items with a title: ${share(withTitle)}; with attributes: ${share(withAttributes)}.`,
		...left,
		...odd.map((words) => `Odd: ${words}.`),
	];
}

function moment(at: string): string {
	return at.slice(0, 16).replace("T", " ");
}
