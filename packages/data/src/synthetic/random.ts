/**
 * A small seeded generator (sfc32, seeded through a 32-bit string hash). Everything here uses integer operations and
 * the four basic operations on doubles only, which IEEE 754 fixes to the last bit: the same seed gives the same numbers
 * on every machine. `Math.exp`, `Math.log` and friends are avoided for that reason.
 */
export class Random {
	#a: number;
	#b: number;
	#c: number;
	#counter = 1;

	/** @param label says what the stream is for; streams with other labels are independent. */
	constructor(label: string) {
		this.#a = hashText(label, 0x9e3779b9);
		this.#b = hashText(label, 0x243f6a88);
		this.#c = hashText(label, 0xb7e15162);
		for (let round = 0; round < 12; round++) this.next();
	}

	/** Uniform in [0, 1). */
	next(): number {
		const sum = (this.#a + this.#b + this.#counter) | 0;
		this.#counter = (this.#counter + 1) | 0;
		this.#a = this.#b ^ (this.#b >>> 9);
		this.#b = (this.#c + (this.#c << 3)) | 0;
		this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
		return (sum >>> 0) / 4294967296;
	}

	/** Uniform in [low, high). */
	between(low: number, high: number): number {
		return low + (high - low) * this.next();
	}

	/** Uniform integer in [0, count). */
	int(count: number): number {
		return Math.floor(this.next() * count);
	}

	chance(probability: number): boolean {
		return this.next() < probability;
	}

	/** One of `list`, each as likely. */
	pick<T>(list: readonly T[]): T {
		const chosen = list[this.int(list.length)];
		if (chosen === undefined) throw new RangeError("Cannot pick from an empty list.");
		return chosen;
	}

	/** One of `list` in proportion to `weight`; undefined when no weight is positive. */
	weighted<T>(list: readonly T[], weight: (value: T, index: number) => number): T | undefined {
		const weights = list.map(weight);
		let rest = this.next() * weights.reduce((sum, value) => sum + value, 0);
		let last: T | undefined;
		for (const [index, value] of list.entries()) {
			const share = weights[index] ?? 0;
			if (share <= 0) continue;
			last = value;
			rest -= share;
			if (rest < 0) return value;
		}
		return last;
	}

	/** Index into `shares`, which are probabilities or any other weights. */
	category(shares: readonly number[]): number {
		const index = this.weighted([...shares.keys()], (key) => shares[key] ?? 0);
		return index ?? 0;
	}

	/** Successes in a row before the first failure, at most `most`. */
	streak(probability: number, most: number): number {
		let count = 0;
		while (count < most && this.chance(probability)) count++;
		return count;
	}

	/** About normal, mean 0 and standard deviation 1: the sum of twelve uniforms less six. */
	normal(): number {
		let sum = -6;
		for (let term = 0; term < 12; term++) sum += this.next();
		return sum;
	}

	/** A new list with `count` different values of `list`, in random order. */
	sample<T>(list: readonly T[], count: number): T[] {
		return this.shuffle(list).slice(0, count);
	}

	shuffle<T>(list: readonly T[]): T[] {
		const keyed = list.map((value) => ({ value, key: this.next() }));
		return keyed.sort((left, right) => left.key - right.key).map(({ value }) => value);
	}
}

/** 32-bit hash of a text (FNV-1a with a final mix). */
export function hashText(text: string, salt = 0): number {
	let hash = 2166136261 ^ salt;
	for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 16777619);
	return mixHash(hash, salt);
}

/** Mixes two 32-bit integers into one. */
export function mixHash(left: number, right: number): number {
	let hash = Math.imul(left ^ (left >>> 16) ^ right, 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13) ^ (right >>> 7), 0xc2b2ae35);
	return (hash ^ (hash >>> 16)) >>> 0;
}

/** A hash as a number in [0, 1): the same question always gets the same answer. */
export function unitHash(left: number, right: number): number {
	return mixHash(left, right) / 4294967296;
}
