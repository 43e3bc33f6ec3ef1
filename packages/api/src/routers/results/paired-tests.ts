import type { Contrast } from "@atelier/core";
import type { Database } from "@atelier/db";
import { askContrasts, type Computing, type ContrastAsk, type ContrastTerm } from "@atelier/jobs";

interface RunOfSeed {
	id: string;
	seed: number;
}

/** Names one test of a family; null where no test can be made. */
export type Ticket = number | null;

export interface FamilyAnswer {
	/** How many tests are there, while some are still being computed; null once all are. */
	computing: Computing | null;
	/** A test's contrast; null where there is none, and for all of them while some are being computed. */
	contrastOf: (ticket: Ticket) => Contrast | null;
}

/**
 * The paired tests that one answer needs, asked for together: nothing is judged before all of them are there, and those
 * that nobody asked for before are computed in one go.
 */
export class TestFamily {
	private readonly asks: ContrastAsk[] = [];

	/**
	 * The mean over seeds of `plus` runs minus `minus` runs, each side a list of cells, over the seeds that all cells
	 * have: users are paired, and seeds too.
	 *
	 * @returns null when no seed is common to all cells.
	 */
	addCells(plus: readonly (readonly RunOfSeed[])[], minus: readonly (readonly RunOfSeed[])[], k: number): Ticket {
		const cells = [...plus, ...minus];
		const seeds = (cells[0] ?? []).map(({ seed }) => seed);
		const common = seeds.filter((seed) => cells.every((runs) => runs.some((run) => run.seed === seed)));
		if (common.length === 0) return null;
		const termsOf = (runs: readonly RunOfSeed[], sign: number): ContrastTerm[] =>
			runs.filter(({ seed }) => common.includes(seed)).map(({ id }) => ({ runId: id, weight: sign / common.length }));
		return this.add([...plus.flatMap((runs) => termsOf(runs, 1)), ...minus.flatMap((runs) => termsOf(runs, -1))], k);
	}

	add(terms: readonly ContrastTerm[], k: number): Ticket {
		return this.asks.push({ terms, k }) - 1;
	}

	async ask(db: Database): Promise<FamilyAnswer> {
		const { computing, contrasts } = await askContrasts(db, this.asks);
		return { computing, contrastOf: (ticket) => (ticket === null ? null : (contrasts[ticket] ?? null)) };
	}
}
