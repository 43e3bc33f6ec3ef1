import { ToastProvider, TooltipProvider } from "@atelier/ui";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { RecordAwayPage } from "~/features/away/record-away-page";
import { ConsoleFrame } from "~/features/frame/console-frame";
import { sidebarCookie } from "~/features/frame/sidebar-cookie";
import { ApiProvider } from "~/trpc/client";
import { signedInUser } from "~/trpc/server";
import { services } from "~/trpc/services";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
	const user = await signedInUser();
	if (user === "unknown") return <RecordAwayPage />;
	if (user === null) redirect("/sign-in");
	const cookie = sidebarCookie((await services()).auth.cookiePrefix);
	const collapsed = (await cookies()).get(cookie)?.value === "collapsed";
	return (
		<ApiProvider>
			<TooltipProvider delayDuration={300}>
				<ToastProvider>
					<ConsoleFrame
						user={{ name: user.name, email: user.email }}
						sidebarCookie={cookie}
						initiallyCollapsed={collapsed}
					>
						{children}
					</ConsoleFrame>
				</ToastProvider>
			</TooltipProvider>
		</ApiProvider>
	);
}
