/** Priorities of launches, highest first, as a choice names them. */
export const PRIORITY_CHOICES = Array.from({ length: 21 }, (_, index) => 10 - index).map((value) => ({
	value,
	label: value === 0 ? "0, usual" : value > 0 ? `+${value}, before` : `${value}, after`.replace("-", "−"),
}));
