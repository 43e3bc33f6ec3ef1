import { Badge, formatCount, Table, TableFrame, Td, Th, Tr } from "@atelier/ui";
import Link from "next/link";
import type { ReactNode } from "react";
import { groupTitle } from "./prepare-slices";
import type { Sliced, SliceGroup } from "./slice-types";

export interface GroupsTableProps {
	label: string;
	className: string;
	by: Sliced["by"];
	groups: readonly SliceGroup[];
	/** What stands beside the groups: methods, or runs. */
	columns: readonly { id: string; head: ReactNode }[];
	cellOf: (group: SliceGroup, id: string) => ReactNode;
	/** Where a group's name leads; nowhere without. */
	hrefOf?: (group: SliceGroup) => string;
}

/** A row a group of shoppers: what they have in common, how many they are, and a cell a column. */
export function GroupsTable({ label, className, by, groups, columns, cellOf, hrefOf }: GroupsTableProps) {
	return (
		<TableFrame label={label} className={className}>
			<Table>
				<thead>
					<tr>
						<Th pinned>{by?.title ?? "Slice"}</Th>
						<Th numeric>Shoppers</Th>
						{columns.map(({ id, head }) => (
							<Th key={id} numeric>
								{head}
							</Th>
						))}
					</tr>
				</thead>
				<tbody>
					{groups.map((group) => (
						<Tr key={group.slice}>
							<Td pinned className="h-14 max-w-60">
								{hrefOf ? (
									<Link
										href={hrefOf(group)}
										title={group.slice}
										className="block truncate hover:text-accent-strong hover:underline"
									>
										{groupTitle(group, by)}
									</Link>
								) : (
									<span title={group.slice} className="block truncate">
										{groupTitle(group, by)}
									</span>
								)}
							</Td>
							<Td numeric className="whitespace-nowrap">
								{formatCount(group.users)}
								{group.isSmall ? (
									<Badge
										tone="warn"
										className="ml-2"
										title="Fewer than 30 shoppers: figures say little, and nothing is tested."
									>
										few
									</Badge>
								) : null}
							</Td>
							{columns.map(({ id }) => (
								<Td key={id} numeric>
									{cellOf(group, id)}
								</Td>
							))}
						</Tr>
					))}
				</tbody>
			</Table>
		</TableFrame>
	);
}
