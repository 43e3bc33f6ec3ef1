import { Button, formatPlural } from "@atelier/ui";
import { Rocket } from "lucide-react";
import Link from "next/link";
import type { Outputs } from "~/trpc/client";
import { launchHref } from "./launch-view";

type Missing = NonNullable<Outputs["results"]["table3"]["datasets"][number]["missing"]>;

export interface MissingLinkProps {
	suite: string;
	missing: Missing;
	/** Cells that are not there: `3 rows`. */
	count: number;
	/** One of what is missing: `row`. */
	noun: string;
}

/** To the launch form with exactly what a table or figure lacks already chosen. */
export function MissingLink({ suite, missing, count, noun }: MissingLinkProps) {
	const { dataset, methods, variants, settings, seeds, preset } = missing;
	const isPlain = (names: readonly string[]) => names.length === 1 && names[0] === "full";
	const href = launchHref({
		suite,
		datasets: [dataset],
		methods,
		variants: isPlain(variants) ? [] : variants,
		settings: isPlain(settings) ? [] : settings,
		seeds: seeds > 1 ? Array.from({ length: seeds }, (_, i) => i + 1).join(",") : "",
		preset: preset ?? "",
	});
	return (
		<Button asChild size="sm">
			<Link href={href} title={missing.command}>
				<Rocket /> Launch {formatPlural(count, `missing ${noun}`)} on {dataset}
			</Link>
		</Button>
	);
}
