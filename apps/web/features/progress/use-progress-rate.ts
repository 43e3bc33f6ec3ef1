"use client";
import { useEffect, useState } from "react";
import { addSample, estimateRate, type ProgressLike, type ProgressRate, type ProgressSample } from "./estimate-rate";

/** Rate and time left of a step, from how its progress changes while it is watched. */
export function useProgressRate(progress: ProgressLike | null): ProgressRate {
	const [samples, setSamples] = useState<ProgressSample[]>([]);
	const step = progress?.step;
	const done = progress?.done;
	useEffect(() => {
		if (step === undefined || done === undefined) return;
		setSamples((current) => addSample(current, { step, done, at: Date.now() }));
	}, [step, done]);
	return progress ? estimateRate(samples, progress.total) : { rate: null, leftMs: null };
}
