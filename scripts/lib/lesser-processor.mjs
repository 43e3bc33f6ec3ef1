import { existsSync, readFileSync } from "node:fs";

/**
 * Makes PyTorch and oneDNN compute as on a processor with AVX2 and no more. What it does on such a machine is not what it
 * does with AVX-512: other operators are refused, and products are rounded otherwise.
 */
export const LESSER_PROCESSOR = { ONEDNN_MAX_CPU_ISA: "AVX2", ATEN_CPU_CAPABILITY: "avx2" };

/** Tests of processes, files and words: they compute nothing that another processor would compute otherwise. */
export const ANY_PROCESSOR = [
	"remote",
	"host_cache",
	"process",
	"ranks",
	"checkpoints",
	"contracts",
	"no_pickle",
	"identity",
	"statistics_reference",
	"slices_reference",
];

/**
 * Why a pass of the trainer's tests on a lesser processor would say nothing new here; null where it would.
 * @param {string} [arch] @param {string} [cpuinfo] the system's description of the processor
 * @returns {string | null}
 */
export function whyNotLesser(arch = process.arch, cpuinfo = readCpuInfo()) {
	if (arch !== "x64") return `this processor is ${arch}, not x64`;
	return /\bavx512f\b/.test(cpuinfo) ? null : "this processor has no AVX-512, so the first pass was that pass";
}

function readCpuInfo() {
	return existsSync("/proc/cpuinfo") ? readFileSync("/proc/cpuinfo", "utf8") : "";
}
