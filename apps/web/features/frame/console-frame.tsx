"use client";
import { cn, IconButton, Sheet } from "@atelier/ui";
import { Menu as MenuIcon, PanelLeft, Search } from "lucide-react";
import { type ReactNode, useState } from "react";
import { AccountMenu, type AccountMenuProps } from "./account-menu";
import { Breadcrumb } from "./breadcrumb";
import { CommandPalette } from "./command-palette";
import { ShortcutsDialog } from "./shortcuts-dialog";
import { Sidebar } from "./sidebar";
import { SystemNotice } from "./system-notice";
import { ThemeSwitch } from "./theme-switch";

export interface ConsoleFrameProps extends AccountMenuProps {
	/** Name of the cookie that remembers the sidebar. */
	sidebarCookie: string;
	/** As the last visit left it; known before the first paint. */
	initiallyCollapsed: boolean;
	children: ReactNode;
}

export function ConsoleFrame({ user, sidebarCookie, initiallyCollapsed, children }: ConsoleFrameProps) {
	const [collapsed, setCollapsed] = useState(initiallyCollapsed);
	const [menuOpen, setMenuOpen] = useState(false);
	const [paletteOpen, setPaletteOpen] = useState(false);
	const [shortcutsOpen, setShortcutsOpen] = useState(false);

	const toggle = () => {
		// biome-ignore lint/suspicious/noDocumentCookie: the server reads it, and the Cookie Store API is not everywhere
		document.cookie = `${sidebarCookie}=${collapsed ? "open" : "collapsed"}; path=/; max-age=31536000; samesite=lax`;
		setCollapsed(!collapsed);
	};
	return (
		<div className="flex min-h-dvh">
			<a
				href="#content"
				className="sr-only z-50 rounded-md bg-accent px-3 py-1.5 text-sm text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
			>
				Skip to content
			</a>
			<aside
				className={cn(
					"sticky top-0 hidden h-dvh shrink-0 border-r bg-surface transition-[width] duration-150 lg:block",
					collapsed ? "w-14" : "w-56",
				)}
			>
				<Sidebar collapsed={collapsed} />
			</aside>
			<Sheet open={menuOpen} onOpenChange={setMenuOpen} title="Navigation" side="left" bare className="w-64">
				<Sidebar onNavigate={() => setMenuOpen(false)} />
			</Sheet>
			<div className="flex min-w-0 flex-1 flex-col">
				<header className="sticky top-0 z-30 flex h-14 items-center gap-1.5 border-b bg-canvas px-3 sm:px-5">
					<IconButton label="Open navigation" className="lg:hidden" onClick={() => setMenuOpen(true)}>
						<MenuIcon />
					</IconButton>
					<IconButton
						label={collapsed ? "Show the sidebar's words" : "Collapse the sidebar"}
						className="-ml-2 hidden lg:inline-flex"
						onClick={toggle}
					>
						<PanelLeft />
					</IconButton>
					<Breadcrumb />
					<button
						type="button"
						onClick={() => setPaletteOpen(true)}
						className="flex h-8 items-center gap-2 rounded-md border border-line-strong bg-surface px-2 text-sm text-ink-faint hover:text-ink sm:w-52"
					>
						<Search aria-hidden className="size-4" />
						<span className="hidden sm:inline">Jump to…</span>
						<span className="sr-only sm:hidden">Jump to a page, a dataset or a run</span>
						<kbd className="ml-auto hidden rounded-sm border px-1 font-sans text-xs sm:inline">⌘K</kbd>
					</button>
					<ThemeSwitch />
					<AccountMenu user={user} />
				</header>
				<SystemNotice />
				<main
					id="content"
					tabIndex={-1}
					className="mx-auto w-full max-w-[1440px] flex-1 px-4 py-6 outline-none sm:px-6"
				>
					{children}
				</main>
			</div>
			<CommandPalette
				open={paletteOpen}
				onOpenChange={setPaletteOpen}
				onShortcuts={() => {
					setPaletteOpen(false);
					setShortcutsOpen(true);
				}}
			/>
			<ShortcutsDialog open={shortcutsOpen} onOpenChange={setShortcutsOpen} />
		</div>
	);
}
