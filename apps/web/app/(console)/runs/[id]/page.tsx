import type { Metadata } from "next";
import { RunPage } from "~/features/runs/run-page";

interface Props {
	params: Promise<{ id: string }>;
}

export const metadata: Metadata = { title: "Run" };

export default async function Page({ params }: Props) {
	return <RunPage id={(await params).id} />;
}
