"use client";
import { IconButton, Menu, MenuItem } from "@atelier/ui";
import { Check, Monitor, Moon, Sun } from "lucide-react";
import { useTheme } from "next-themes";

const THEMES = [
	{ value: "light", label: "Light", icon: Sun },
	{ value: "dark", label: "Dark", icon: Moon },
	{ value: "system", label: "As the system", icon: Monitor },
] as const;

export function ThemeSwitch() {
	const { theme, setTheme } = useTheme();
	return (
		<Menu
			trigger={
				<IconButton label="Theme">
					<Sun className="dark:hidden" />
					<Moon className="hidden dark:block" />
				</IconButton>
			}
		>
			{THEMES.map(({ value, label, icon: Icon }) => (
				<MenuItem key={value} icon={<Icon />} onSelect={() => setTheme(value)}>
					<span className="flex-1">{label}</span>
					{theme === value ? <Check aria-label="chosen" /> : null}
				</MenuItem>
			))}
		</Menu>
	);
}
