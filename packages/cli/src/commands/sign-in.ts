import { Command } from "commander";
import { connect } from "../client";
import { print, printJson } from "../output";

export const signInCommand = () =>
	new Command("sign-in")
		.description("print a one-time link that signs a browser in")
		.option("--json", "print one JSON document")
		.action(async (options: { json?: boolean }) => {
			const link = await connect().session.signInLink.mutate();
			if (options.json) printJson(link);
			else print(`Open this link within the hour; it works once:\n${link.url}`);
		});
