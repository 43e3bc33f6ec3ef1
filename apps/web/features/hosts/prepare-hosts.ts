import { hostName } from "@atelier/core";
import { formatBytes, formatPlural } from "@atelier/ui";
import type { HostRow } from "./host-types";

export type ShownState = "reachable" | "draining" | "unknown" | "unreachable";

/** One word for where a host stands: a host that does not answer is that first, whatever was asked of it. */
export function hostState({ state, draining }: Pick<HostRow, "state" | "draining">): ShownState {
	if (state === "unreachable") return "unreachable";
	return draining ? "draining" : state;
}

type Gpu = HostRow["facts"]["gpus"][number];

export interface GpuGroup {
	name: string;
	count: number;
	/** Of one of them; 0 where the host does not say. */
	memoryBytes: number;
}

/** GPUs of one kind together, in the order in which the host names them. */
export function groupGpus(gpus: readonly Gpu[]): GpuGroup[] {
	const groups = new Map<string, GpuGroup>();
	for (const { name, memoryBytes } of gpus) {
		const key = `${name} ${memoryBytes}`;
		const known = groups.get(key);
		groups.set(key, { name, memoryBytes, count: (known?.count ?? 0) + 1 });
	}
	return [...groups.values()];
}

/** `2 × A100, 80.0 GB each`. */
export function describeGpus({ name, count, memoryBytes }: GpuGroup): string {
	const title = count > 1 ? `${count} × ${name}` : name;
	if (memoryBytes === 0) return title;
	return `${title}, ${formatBytes(memoryBytes)}${count > 1 ? " each" : ""}`;
}

/** Use of memory of all GPUs that say it; null where none does. */
export function gpuMemory(gpus: readonly Gpu[]): { usedBytes: number; allBytes: number } | null {
	const saying = gpus.filter(({ usedBytes }) => usedBytes !== null);
	if (saying.length === 0) return null;
	return {
		usedBytes: saying.reduce((sum, { usedBytes }) => sum + (usedBytes ?? 0), 0),
		allBytes: saying.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
	};
}

/** What a removal would take along, or why it has to wait. The server looks again. */
export function removal({ name, running, waiting }: Pick<HostRow, "name" | "running" | "waiting">): {
	allowed: boolean;
	words: string;
} {
	if (running.length > 0) {
		const [stages, has] = [formatPlural(running.length, "stage"), running.length === 1 ? "has" : "have"];
		return {
			allowed: false,
			words: `${stages} there ${has} not ended. Drain ${name} and wait for them, or cancel their runs; then remove it.`,
		};
	}
	if (waiting > 0) {
		const [stages, wait] = [formatPlural(waiting, "stage"), waiting === 1 ? "waits" : "wait"];
		return {
			allowed: false,
			words: `${stages} ${wait} for ${name} alone. Cancel the runs that were launched on it; then remove it.`,
		};
	}
	return {
		allowed: true,
		words: "Nothing runs there or waits for it. What was made there stays; its token is forgotten.",
	};
}

export interface HostForm {
	name: string;
	address: string;
	token: string;
	slots: string;
	price: string;
	environment: "pip" | "image";
	python: string;
	artifactsUrl: string;
}
export const EMPTY_HOST: HostForm = {
	name: "",
	address: "",
	token: "",
	slots: "",
	price: "",
	environment: "pip",
	python: "python",
	artifactsUrl: "",
};
export type HostFormErrors = Partial<Record<keyof HostForm, string>>;

export interface HostRequest {
	name: string;
	address: string;
	token?: string;
	slots?: number;
	pricePerHour?: number;
	settings: Pick<HostForm, "environment" | "python"> & { artifactsUrl: string | null };
}

/** What the form asks for, or what is wrong with it by field; the server has the last word. */
export function prepareHost(form: HostForm): { request: HostRequest } | { errors: HostFormErrors } {
	const [name, token] = [form.name.trim(), form.token.trim()];
	const [address, artifactsUrl] = [form.address.trim(), form.artifactsUrl.trim()];
	const [slots, price] = [numberIn(form.slots), numberIn(form.price)];
	const isWholeSlots = slots === null || (Number.isInteger(slots) && slots >= 1 && slots <= 1_024);
	const errors = Object.fromEntries(
		Object.entries({
			name: hostName.safeParse(name).success
				? ""
				: "Small letters, digits and hyphens, at most 40, and no hyphen first.",
			address: isHttp(address) ? "" : "The address of Ray's dashboard, as http://gpu-1:8265.",
			token: /^[\x21-\x7e]*$/.test(token) ? "" : "One line without blanks.",
			slots: isWholeSlots ? "" : "A whole number from 1, or nothing.",
			price: price === null || price >= 0 ? "" : "A number from 0, or nothing.",
			python: form.environment === "pip" || form.python.trim() ? "" : "The command that starts the image's Python.",
			artifactsUrl: artifactsUrl === "" || isHttp(artifactsUrl) ? "" : "An address of this console, or nothing.",
		}).filter(([, problem]) => problem !== ""),
	);
	if (Object.keys(errors).length > 0) return { errors };
	return {
		request: {
			name,
			address,
			...(token && { token }),
			...(slots !== null && { slots }),
			...(price !== null && { pricePerHour: price }),
			settings: {
				environment: form.environment,
				python: form.python.trim() || EMPTY_HOST.python,
				artifactsUrl: artifactsUrl || null,
			},
		},
	};
}

/** Null for nothing typed, NaN for anything else than a number. */
function numberIn(text: string): number | null {
	return text.trim() === "" ? null : Number(text);
}

function isHttp(address: string): boolean {
	try {
		return ["http:", "https:"].includes(new URL(address).protocol);
	} catch {
		return false;
	}
}
