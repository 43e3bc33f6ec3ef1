export { type CheckedAttempt, checkAttempt } from "./check-attempt";
export { checkDataset, damagedDataset, refuseDamagedDataset } from "./check-dataset";
export { markStageDamaged } from "./mark-damaged";
export { endMending, MADE_FROM_DAMAGED, mendDamaged } from "./mend-runs";
export { suspicionWarning } from "./suspect-readers";
