import { ErrorState } from "@atelier/ui";
import { TriangleAlert } from "lucide-react";
import type { Comparison } from "./compare-types";

/** What else than the method differs: that which makes a test impossible as a refusal, the rest as a warning. */
export function UnlikeNotes({ comparison: { unlike, madeUnlike } }: { comparison: Comparison }) {
	const refused = unlike.filter(({ isRefused }) => isRefused);
	const noted = unlike.filter(({ isRefused }) => !isRefused);
	return (
		<>
			{refused.length > 0 ? (
				<ErrorState
					className="mb-4"
					title={`These runs are not tested against each other: they differ in ${list(refused.map(({ what }) => what))}.`}
					message={refused.map(({ words }) => words).join("\n")}
					kept="Their figures and configurations stand below all the same."
					advice="Take out the run that does not belong, or launch its counterpart under the same protocol."
				/>
			) : null}
			{noted.length > 0 || madeUnlike !== null ? (
				<div role="note" aria-label="What else differs" className="mb-4 rounded-md border bg-surface px-3 py-2.5">
					<p className="flex items-center gap-2 text-sm font-medium">
						<TriangleAlert aria-hidden className="size-4 shrink-0 text-cancelled" />
						Not only the method differs
					</p>
					<ul className="mt-1 space-y-0.5 pl-6 text-sm text-ink-muted">
						{noted.map(({ what, words }) => (
							<li key={what} className="break-words">
								<span className="text-ink">{`${what.charAt(0).toUpperCase()}${what.slice(1)}`}</span>. {words}
							</li>
						))}
						{madeUnlike === null ? null : <li className="break-words">{madeUnlike}</li>}
					</ul>
				</div>
			) : null}
		</>
	);
}

function list(words: readonly string[]): string {
	return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
