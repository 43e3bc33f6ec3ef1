"use client";
import { useState } from "react";
import type { Inspected } from "./inspector-types";
import type { WhatIf } from "./inspector-view";
import { draftOf, prepareWhatIf, type WhatIfDraft } from "./prepare-what-if";

/** The fields of the what-if: they start from the URL's and follow it, when it changes by Back or a recompute. */
export function useDraft(applied: WhatIf, inspected: Inspected) {
	const [draft, setDraft] = useState<WhatIfDraft>(() => draftOf(applied, inspected));
	const key = JSON.stringify(applied);
	const [followed, setFollowed] = useState(key);
	if (followed !== key) {
		setFollowed(key);
		setDraft(draftOf(applied, inspected));
	}
	const prepared = prepareWhatIf(draft, inspected);
	const current = prepareWhatIf(draftOf(applied, inspected), inspected);
	return {
		draft,
		/** Null while a field is not right. */
		prepared,
		/** The fields say something else than what is shown. */
		isNew: prepared !== null && JSON.stringify(prepared) !== JSON.stringify(current),
		change: (part: Partial<WhatIfDraft>) => setDraft((before) => ({ ...before, ...part })),
		drop: (ord: number, dropped: boolean) =>
			setDraft((before) => ({
				...before,
				drop: dropped ? [...before.drop, ord] : before.drop.filter((one) => one !== ord),
			})),
		reset: () => setDraft(draftOf({ query: "", drop: [], n: null }, inspected)),
	};
}
