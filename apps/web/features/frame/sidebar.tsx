"use client";
import { cn, Tooltip } from "@atelier/ui";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { isOpen, NAVIGATION, type NavigationEntry } from "./navigation";

export interface SidebarProps {
	/** Icons only. */
	collapsed?: boolean;
	onNavigate?: () => void;
}

export function Sidebar({ collapsed = false, onNavigate }: SidebarProps) {
	const pathname = usePathname();
	return (
		<nav aria-label="Main" className="flex h-full flex-col">
			<Link
				href="/"
				onClick={onNavigate}
				className={cn(
					"flex h-14 shrink-0 items-center gap-2.5 px-4 font-semibold tracking-tight",
					collapsed && "px-4.5",
				)}
			>
				<Mark />
				{collapsed ? <span className="sr-only">Atelier</span> : "Atelier"}
			</Link>
			<div className="flex-1 space-y-5 overflow-y-auto px-2.5 py-2">
				{NAVIGATION.map((group) => (
					<div key={group.label}>
						{collapsed ? (
							<hr className="mx-2 mb-2 border-line first:hidden" aria-label={group.label} />
						) : (
							<p className="mb-1 px-2 text-xs font-medium text-ink-faint">{group.label}</p>
						)}
						<ul className="space-y-px">
							{group.entries.map((entry) => (
								<li key={entry.href}>
									<Entry entry={entry} open={isOpen(entry, pathname)} collapsed={collapsed} onNavigate={onNavigate} />
								</li>
							))}
						</ul>
					</div>
				))}
			</div>
		</nav>
	);
}

interface EntryProps extends SidebarProps {
	entry: NavigationEntry;
	open: boolean;
}

function Entry({ entry, open, collapsed, onNavigate }: EntryProps) {
	const { icon: Icon, href, label } = entry;
	const link = (
		<Link
			href={href}
			onClick={onNavigate}
			aria-current={open ? "page" : undefined}
			className={cn(
				"flex h-8 items-center gap-2.5 rounded-md px-2 text-sm text-ink-muted transition-colors duration-150 hover:bg-hover hover:text-ink",
				open && "bg-hover font-medium text-ink",
				collapsed && "justify-center",
			)}
		>
			<Icon aria-hidden className={cn("size-4 shrink-0", open && "text-accent")} />
			<span className={collapsed ? "sr-only" : undefined}>{label}</span>
		</Link>
	);
	return collapsed ? (
		<Tooltip content={label} side="right">
			{link}
		</Tooltip>
	) : (
		link
	);
}

function Mark() {
	return (
		<svg aria-hidden="true" viewBox="0 0 20 20" className="size-5 shrink-0">
			<path
				d="M3 16 10 4l7 12"
				fill="none"
				stroke="currentColor"
				strokeWidth="2"
				strokeLinecap="round"
				strokeLinejoin="round"
			/>
			<circle cx="10" cy="13.2" r="1.9" fill="var(--method-ours)" />
		</svg>
	);
}
