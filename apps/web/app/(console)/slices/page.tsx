import type { Metadata } from "next";
import { SlicesPage } from "~/features/slices/slices-page";

export const metadata: Metadata = { title: "Slices" };

export default function Page() {
	return <SlicesPage />;
}
