#!/usr/bin/env node
import { register } from "tsx/esm/api";

register();
const { endWithReader } = await import("../src/closed-pipe.ts");
endWithReader();
const { main } = await import("../src/main.ts");
await main(process.argv.slice(2));
