"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { Fragment } from "react";
import { crumbsOf } from "./navigation";

export function Breadcrumb() {
	const crumbs = crumbsOf(usePathname());
	return (
		<nav aria-label="Breadcrumb" className="min-w-0 flex-1">
			<ol className="flex items-center gap-1.5 text-sm">
				{crumbs.map((crumb, index) => (
					<Fragment key={crumb.label}>
						{index > 0 ? (
							<li aria-hidden className="text-ink-faint">
								/
							</li>
						) : null}
						<li className={index === crumbs.length - 1 ? "min-w-0 truncate" : "shrink-0"}>
							{crumb.href ? (
								<Link href={crumb.href} className="text-ink-muted hover:text-ink">
									{crumb.label}
								</Link>
							) : (
								<span aria-current="page" className={crumb.mono ? "font-mono text-xs" : undefined}>
									{crumb.label}
								</span>
							)}
						</li>
					</Fragment>
				))}
			</ol>
		</nav>
	);
}
