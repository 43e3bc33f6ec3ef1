import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import { ThemeProvider } from "next-themes";
import type { ReactNode } from "react";
import { StyleNonce } from "~/features/frame/style-nonce";
import { methodStyleSheet } from "~/features/methods";
import { NONCE_HEADER } from "~/server/security-headers";
import "./globals.css";

export const metadata: Metadata = {
	title: { default: "Atelier", template: "%s · Atelier" },
	description: "The research console for sequential LLM fashion recommendation.",
	manifest: "/manifest.webmanifest",
	icons: { icon: [{ url: "/icon.svg", type: "image/svg+xml" }], apple: "/apple-icon.png" },
};
export const viewport: Viewport = {
	themeColor: [
		{ media: "(prefers-color-scheme: light)", color: "#fafafa" },
		{ media: "(prefers-color-scheme: dark)", color: "#0f0f11" },
	],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
	// Asked for here, so that no page is made before its request: an answer's nonce is its own.
	const nonce = (await headers()).get(NONCE_HEADER) ?? undefined;
	return (
		// The theme's class is set by a script before React takes over.
		<html lang="en" className={`${GeistSans.variable} ${GeistMono.variable}`} suppressHydrationWarning>
			<head>
				<style nonce={nonce} suppressHydrationWarning>
					{methodStyleSheet()}
				</style>
			</head>
			<body className="font-sans">
				<StyleNonce nonce={nonce} />
				<ThemeProvider nonce={nonce} attribute="class" defaultTheme="system" enableSystem disableTransitionOnChange>
					{children}
				</ThemeProvider>
			</body>
		</html>
	);
}
