"use client";
import { IconButton, Menu, MenuItem, MenuLabel, MenuSeparator } from "@atelier/ui";
import { CircleUserRound, LogOut } from "lucide-react";

export interface AccountMenuProps {
	user: { name: string; email: string };
}

export function AccountMenu({ user }: AccountMenuProps) {
	const signOut = async () => {
		await fetch("/api/auth/sign-out", {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: "{}",
		});
		window.location.assign("/sign-in");
	};
	return (
		<Menu
			trigger={
				<IconButton label={`Account of ${user.name}`}>
					<CircleUserRound />
				</IconButton>
			}
		>
			<MenuLabel>
				<span className="block font-medium text-ink">{user.name}</span>
				{user.email}
			</MenuLabel>
			<MenuSeparator />
			<MenuItem icon={<LogOut />} onSelect={() => void signOut()}>
				Sign out
			</MenuItem>
		</Menu>
	);
}
