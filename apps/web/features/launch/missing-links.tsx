import { Button, formatPlural } from "@atelier/ui";
import { Rocket } from "lucide-react";
import Link from "next/link";
import type { Outputs } from "~/trpc/client";
import { joinMissing } from "./join-missing";
import { launchHref } from "./launch-view";

export type Missing = NonNullable<Outputs["results"]["table3"]["datasets"][number]["missing"]>;

export interface MissingLinksProps {
	suite: string;
	missing: readonly (Missing | null)[];
	/** How many of `noun` one of them lacks. */
	countOf: (missing: Missing) => number;
	/** One of what is missing: `row`. */
	noun: string;
}

/** To the launch form with exactly what a table or figure lacks already chosen; datasets that lack the same together. */
export function MissingLinks({ suite, missing, countOf, noun }: MissingLinksProps) {
	return joinMissing(missing.flatMap((one) => one ?? [])).map(({ datasets, first }) => (
		<Button key={datasets.join()} asChild size="sm">
			<Link href={hrefOf(suite, datasets, first)} title={datasets.length === 1 ? first.command : datasets.join(", ")}>
				<Rocket /> Launch {formatPlural(countOf(first), `missing ${noun}`)} on{" "}
				{datasets.length === 1 ? datasets[0] : formatPlural(datasets.length, "dataset")}
			</Link>
		</Button>
	));
}

function hrefOf(suite: string, datasets: string[], { methods, variants, settings, seeds, preset }: Missing): string {
	const isPlain = (names: readonly string[]) => names.length === 1 && names[0] === "full";
	return launchHref({
		suite,
		datasets,
		methods,
		variants: isPlain(variants) ? [] : variants,
		settings: isPlain(settings) ? [] : settings,
		seeds: seeds > 1 ? Array.from({ length: seeds }, (_, i) => i + 1).join(",") : "",
		preset: preset ?? "",
	});
}
