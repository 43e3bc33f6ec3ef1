import { InvalidArgumentError } from "commander";

export const list = (text: string): string[] =>
	text
		.split(",")
		.map((part) => part.trim())
		.filter(Boolean);

export const collect = (text: string, before: string[] = []): string[] => [...before, text];

export function wholeNumber(text: string): number {
	const value = Number(text);
	if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError("wants a whole number, 0 or more.");
	return value;
}

export function share(text: string): number {
	const value = Number(text);
	if (text === "" || !(value >= 0 && value <= 1)) throw new InvalidArgumentError("wants a share from 0 to 1.");
	return value;
}
