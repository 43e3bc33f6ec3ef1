import { once } from "node:events";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { choosePort } from "../lib/checks.mjs";
import { accepts, freePort, isPortFree } from "../lib/ports.mjs";

it("a port in use that was asked for is refused with another that is free", async () => {
	const port = await freePort();
	const other = createServer().listen(port, "127.0.0.1");
	await once(other, "listening");
	expect(await isPortFree(port)).toBe(false);
	expect(await accepts(port)).toBe(true);
	const refusal = await choosePort(String(port)).catch((error) => error.message);
	expect(refusal).toMatch(new RegExp(`Port ${port} is in use by another program`));
	const offered = /ATELIER_PORT=(\d+)/.exec(refusal)?.[1];
	expect(await isPortFree(Number(offered))).toBe(true);
	other.close();
});

it("what is no port is refused by name", async () => {
	await expect(choosePort("80x")).rejects.toThrow("ATELIER_PORT=80x is no port");
	await expect(choosePort("70000")).rejects.toThrow("ATELIER_PORT=70000 is no port");
});
