/** NOTIFY channels; a payload is one id. What is missed while nobody listens can be read from the record. */
export const CHANNELS = {
	/** Key of a stage or id of a dataset whose work must stop. */
	cancel: "atelier_cancel",
	/** Key of a stage that has new events or a new status. */
	events: "atelier_events",
	/** Id of a dataset whose import went on, ended or failed. */
	datasets: "atelier_datasets",
	/** Nothing: a stage has become ready. The record's own triggers send it. */
	queue: "atelier_queue",
	/** Paired tests wait to be computed; the payload is empty. */
	contrasts: "atelier_contrasts",
	/** Views of slices wait to be computed; the payload is empty. */
	slices: "atelier_slices",
} as const;
