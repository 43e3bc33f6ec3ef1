import { cn } from "./class-names";
import { Table, TableFrame, Td, Th, Tr } from "./table";

/** A grey block in the place and size of what is coming. */
export function Skeleton({ className }: { className?: string }) {
	return <span aria-hidden className={cn("block h-4 animate-pulse rounded-sm bg-line", className)} />;
}

export interface PanelSkeletonProps {
	/** Lines of text in it. */
	lines?: number;
	className?: string;
}

/** An outlined block with a few grey lines, in the place of a panel. */
export function PanelSkeleton({ lines = 3, className }: PanelSkeletonProps) {
	const widths = ["w-2/5", "w-4/5", "w-3/5", "w-3/4", "w-1/2"];
	return (
		<div aria-hidden className={cn("space-y-3.5 rounded-md border bg-surface p-4", className)}>
			{Array.from({ length: lines }, (_, line) => line).map((line) => (
				<Skeleton key={line} className={widths[line % widths.length]} />
			))}
		</div>
	);
}

export interface TableSkeletonProps {
	/** Column heads as in the table that is coming. */
	columns: readonly string[];
	rows?: number;
}

export function TableSkeleton({ columns, rows = 6 }: TableSkeletonProps) {
	return (
		<TableFrame label="Loading">
			<Table aria-busy>
				<thead>
					<tr>
						{columns.map((column) => (
							<Th key={column}>{column}</Th>
						))}
					</tr>
				</thead>
				<tbody>
					{Array.from({ length: rows }, (_, row) => row).map((row) => (
						<Tr key={row}>
							{columns.map((column, index) => (
								<Td key={column}>
									<Skeleton className={index === 0 ? "w-32" : "w-16"} />
								</Td>
							))}
						</Tr>
					))}
				</tbody>
			</Table>
		</TableFrame>
	);
}
