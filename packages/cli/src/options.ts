import { type Command, InvalidArgumentError } from "commander";

/** Names separated by commas; none is a mistake, since it would read as "all". */
export function list(text: string): string[] {
	const names = text
		.split(",")
		.map((part) => part.trim())
		.filter(Boolean);
	if (names.length === 0) throw new InvalidArgumentError("wants names, separated by commas.");
	return names;
}

/** A list of which every element is one of `names`. */
export function listOf<Name extends string>(names: readonly Name[]): (text: string) => Name[] {
	return (text) =>
		list(text).map((part) => {
			const name = names.find((known) => known === part);
			if (name === undefined) throw new InvalidArgumentError(`There is no "${part}": choose of ${names.join(", ")}.`);
			return name;
		});
}

/**
 * For a group's default command, which takes no arguments but is handed what stands where a command should: says which
 * commands there are.
 */
export function noArguments(command: Command): void {
	const [first] = command.args;
	if (first === undefined) return;
	const group = command.parent;
	const names = group?.commands.map((sub) => sub.name()).join(", ");
	(group ?? command).error(`error: ${group?.name()} has no command "${first}". There are: ${names}.`);
}

export const collect = (text: string, before: string[] = []): string[] => [...before, text];

export function wholeNumber(text: string): number {
	if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("wants a whole number, 0 or more.");
	return Number(text);
}

/** A whole number from `low` to `high`. */
export function wholeNumberFrom(low: number, high: number): (text: string) => number {
	return (text) => {
		const value = Number(text);
		if (!/^\d+$/.test(text) || value < low || value > high) {
			const range = `${low.toLocaleString("en-US")} to ${high.toLocaleString("en-US")}`;
			throw new InvalidArgumentError(`wants a whole number from ${range}.`);
		}
		return value;
	};
}

export function share(text: string): number {
	const value = Number(text);
	if (text === "" || !(value >= 0 && value <= 1)) throw new InvalidArgumentError("wants a share from 0 to 1.");
	return value;
}
