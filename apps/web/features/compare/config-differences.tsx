import { canonicalJson, letterOf } from "@atelier/core";
import { cn, Panel, Table, TableFrame, Td, Th, Tr } from "@atelier/ui";
import { GridMenu } from "~/features/exports/grid-menu";
import type { Comparison } from "./compare-types";
import { configGrid, configText } from "./prepare-compare";

/** A row for each setting that not all of the runs share; what departs from the reference stands out. */
export function ConfigDifferences({ comparison }: { comparison: Comparison }) {
	const { config, runs } = comparison;
	return (
		<Panel
			title="Configuration"
			description={
				config.length === 0
					? "The runs share every setting of their presets."
					: `${config.length} ${config.length === 1 ? "setting differs" : "settings differ"}; all others are the same.`
			}
			actions={config.length === 0 ? null : <GridMenu name="configuration" grids={() => [configGrid(comparison)]} />}
		>
			{config.length === 0 ? null : (
				<TableFrame label="Configuration" className="max-h-96">
					<Table>
						<thead>
							<tr>
								<Th pinned>Setting</Th>
								{runs.map(({ id }, place) => (
									<Th key={id}>{letterOf(place)}</Th>
								))}
							</tr>
						</thead>
						<tbody>
							{config.map(({ path, values }) => (
								<Tr key={path}>
									<Td pinned className="font-mono text-xs">
										{path}
									</Td>
									{runs.map(({ id }, place) => (
										<Td
											key={id}
											className={cn(
												"max-w-72 truncate font-mono text-xs",
												same(values[place], values[0]) ? "text-ink-faint" : "text-ink",
											)}
										>
											<span title={configText(values[place])}>{configText(values[place])}</span>
										</Td>
									))}
								</Tr>
							))}
						</tbody>
					</Table>
				</TableFrame>
			)}
		</Panel>
	);
}

const same = (a: unknown, b: unknown) => canonicalJson(a ?? null) === canonicalJson(b ?? null);
