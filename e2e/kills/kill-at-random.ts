import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "@atelier/core";
import { trainerProcesses } from "../../scripts/lib/trainer-processes.mjs";
import { type Installation, MEMBERS, type Member } from "./installation";
import { seeded } from "./seeded";

/** How long a round waits for a member that is not there. */
const PATIENCE_MS = 120_000;

export interface Kill {
	member: Member;
	atMs: number;
}

/**
 * Kills one member after another with SIGKILL, at moments and in an order that the seed gives, as far as the members are
 * there.
 */
export async function killAtRandom(
	installation: Installation,
	{ kills, seed, gapMs, members: met }: { kills: number; seed: number; gapMs: number; members: readonly Member[] },
	say: (message: string) => void,
): Promise<Kill[]> {
	const draw = seeded(seed);
	const done: Kill[] = [];
	const from = Date.now();
	while (done.length < kills) {
		await delay(gapMs * (0.2 + 1.6 * draw()));
		const members = await installation.members();
		const present = MEMBERS.filter((member) => members.has(member));
		// In rounds: while a start comes up there is little else to kill than it and Postgres, again and again.
		const count = (member: Member) => done.filter((kill) => kill.member === member).length;
		const isPatient = Date.now() - (from + (done.at(-1)?.atMs ?? 0)) < PATIENCE_MS;
		const least = Math.min(...(isPatient ? met : present).map(count));
		const choice = present.filter((member) => count(member) === least);
		const member = choice[Math.floor(draw() * choice.length)];
		const pids = member === undefined ? [] : (members.get(member) ?? []);
		const pid = pids[Math.floor(draw() * pids.length)];
		if (member === undefined || pid === undefined) continue;
		try {
			process.kill(pid, "SIGKILL");
		} catch {
			continue;
		}
		done.push({ member, atMs: Date.now() - from });
		say(`kill ${String(done.length).padStart(2)} of ${kills}: ${member} (process ${pid})`);
	}
	return done;
}

/** Starts Atelier again whenever its start has ended, as a person would, until told to stop. */
export function keepStarted(installation: Installation, say: (message: string) => void) {
	let stopped = false;
	const failed: string[] = [];
	const keeping = (async () => {
		while (!stopped) {
			if (!installation.isStarted()) {
				// Not at once: a person looks first.
				await delay(700);
				await installation.start().catch((error) => {
					// One that was killed while it came up is what is tried here; one that gave up by itself is not.
					if (installation.wasKilled()) return;
					failed.push(messageOf(error));
					say(`a start failed: ${messageOf(error)}`);
				});
			}
			await delay(100);
		}
	})();
	return {
		failed,
		stop: async () => {
			stopped = true;
			await keeping;
		},
	};
}

/** Looks, until told to stop, for two trainers at work on one attempt. */
export function watchTrainers(home: string): { stop: () => Promise<string[]> } {
	const doubled = new Set<string>();
	let stopped = false;
	const watching = (async () => {
		while (!stopped) {
			const seen = new Set<string>();
			for (const { spec } of (await trainerProcesses(home)).filter(({ isLeader }) => isLeader)) {
				if (seen.has(spec)) doubled.add(spec);
				seen.add(spec);
			}
			await delay(250);
		}
	})();
	return {
		stop: async () => {
			stopped = true;
			await watching;
			return [...doubled];
		},
	};
}
