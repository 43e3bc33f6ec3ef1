import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import type { Metadata, Viewport } from "next";
import { ThemeProvider } from "next-themes";
import type { ReactNode } from "react";
import { methodStyleSheet } from "~/features/methods";
import "./globals.css";

export const metadata: Metadata = {
	title: { default: "Atelier", template: "%s · Atelier" },
	description: "The research console for sequential LLM fashion recommendation.",
};
export const viewport: Viewport = {
	themeColor: [
		{ media: "(prefers-color-scheme: light)", color: "#fafafa" },
		{ media: "(prefers-color-scheme: dark)", color: "#0f0f11" },
	],
};

export default function RootLayout({ children }: { children: ReactNode }) {
	return (
		// The theme's class is set by a script before React takes over.
		<html lang="en" className={`${GeistSans.variable} ${GeistMono.variable}`} suppressHydrationWarning>
			<head>
				<style>{methodStyleSheet()}</style>
			</head>
			<body className="font-sans">
				<ThemeProvider attribute="class" defaultTheme="system" enableSystem disableTransitionOnChange>
					{children}
				</ThemeProvider>
			</body>
		</html>
	);
}
