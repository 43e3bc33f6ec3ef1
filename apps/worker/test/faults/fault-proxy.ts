import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { seeded } from "../../../../e2e/kills/seeded";

/**
 * What may happen to a connection. `refuse`: reset before a byte. `cut`: reset in the middle of an answer. `lost`: the
 * request arrives, and the answer never does (a reset in its place). `stall`: nothing passes any more, until the other
 * side gives up waiting.
 */
export const FAULTS = ["refuse", "cut", "lost", "stall"] as const;
export type Fault = (typeof FAULTS)[number];

/** Longer than anyone waits for an answer. */
const STALL_MS = 40_000;

export interface FaultPlan {
	seed: number;
	/** Of the connections that come while it is on, one in so many is hurt. */
	oneIn: number;
}

/** A TCP proxy on loopback that hurts connections at random, as its seed gives, as long as it is told to. */
export class FaultProxy {
	readonly done: Fault[] = [];
	private readonly draw: () => number;
	private readonly open = new Set<Socket>();
	private isOn = false;

	private constructor(
		private readonly server: Server,
		private readonly target: () => { host: string; port: number },
		private readonly plan: FaultPlan,
	) {
		this.draw = seeded(plan.seed);
		server.on("connection", (socket) => this.take(socket));
	}

	static async open(target: () => { host: string; port: number }, plan: FaultPlan, port = 0): Promise<FaultProxy> {
		const server = createServer();
		server.listen(port, "127.0.0.1");
		await once(server, "listening");
		return new FaultProxy(server, target, plan);
	}

	get port(): number {
		const address: AddressInfo | string | null = this.server.address();
		return typeof address === "object" && address !== null ? address.port : 0;
	}

	/** From now on connections are hurt, or not any more. */
	hurt(isOn: boolean): void {
		this.isOn = isOn;
	}

	/** Nothing passes until it is ended: the host, or the console, is away. */
	cutOff(): () => void {
		const wasListening = this.server.listening;
		for (const socket of this.open) socket.resetAndDestroy();
		const refuse = (socket: Socket) => socket.resetAndDestroy();
		this.server.prependListener("connection", refuse);
		return () => {
			if (wasListening) this.server.off("connection", refuse);
		};
	}

	async close(): Promise<void> {
		for (const socket of this.open) socket.destroy();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private take(socket: Socket): void {
		if (socket.destroyed) return;
		const fault = this.isOn && this.draw() * this.plan.oneIn < 1 ? this.choose() : null;
		if (fault !== null) this.done.push(fault);
		this.open.add(socket);
		socket.on("error", () => undefined);
		socket.on("close", () => this.open.delete(socket));
		if (fault === "refuse") {
			socket.resetAndDestroy();
			return;
		}
		const upstream = connect(this.target());
		upstream.on("error", () => socket.destroy());
		socket.on("close", () => upstream.destroy());
		if (fault === null) {
			upstream.on("close", () => socket.destroySoon());
			socket.pipe(upstream);
			upstream.pipe(socket);
			return;
		}
		socket.on("data", (chunk) => upstream.write(chunk));
		upstream.once("data", (answer) => {
			if (fault === "stall") {
				setTimeout(() => socket.resetAndDestroy(), STALL_MS).unref();
				return;
			}
			if (fault === "cut") socket.write(answer.subarray(0, Math.max(1, answer.length >> 1)));
			setImmediate(() => socket.resetAndDestroy());
		});
	}

	private choose(): Fault {
		// A stall takes as long as a time-out: a few of them will do.
		const fault = FAULTS[Math.floor(this.draw() * FAULTS.length)] ?? "refuse";
		const isEnough = this.done.filter((one) => one === "stall").length * 4 > this.done.length;
		return fault === "stall" && isEnough ? "lost" : fault;
	}
}
