import type { ReactNode } from "react";

export interface PageHeaderProps {
	title: ReactNode;
	/** Labels beside the title: a status, `synthetic`. */
	badges?: ReactNode;
	description?: ReactNode;
	/** The page's one primary action, top right, with any quiet ones before it. */
	actions?: ReactNode;
}

export function PageHeader({ title, badges, description, actions }: PageHeaderProps) {
	return (
		<header className="mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
			<div className="min-w-0">
				<div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
					<h1 className="min-w-0 text-xl font-semibold tracking-tight break-words">{title}</h1>
					{badges}
				</div>
				{description ? <div className="mt-1 max-w-3xl text-sm text-pretty text-ink-muted">{description}</div> : null}
			</div>
			{actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
		</header>
	);
}
