/**
 * What Python, torch and the model hub read. Everything else stays with the worker: its environment holds the console's
 * secret, the command line's token and the way to the record, and whatever the person's shell had exported.
 */
const NAMES = new Set([
	...["PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME"],
	...["LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"],
	...["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"],
	...["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PYTHONHASHSEED", "TOKENIZERS_PARALLELISM"],
	// Without these Windows finds neither its libraries nor a folder for caches.
	...["SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "USERPROFILE", "APPDATA", "LOCALAPPDATA"],
	...["PROGRAMDATA", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE"],
]);

const PREFIXES = [
	...["LC_", "CUDA_", "NVIDIA_", "NCCL_", "CUBLAS_", "HIP_", "ROCR_", "HSA_"],
	...["HF_", "HUGGINGFACE_", "HUGGING_FACE_", "TRANSFORMERS_", "SAFETENSORS_", "BITSANDBYTES_"],
	...["OMP_", "KMP_", "GOMP_", "MKL_", "OPENBLAS_", "ONEDNN_", "DNNL_", "ATEN_", "TORCH_", "PYTORCH_", "TRITON_"],
];

/** Not even when asked for: the trainer has no business with the record or the console. */
const NEVER = /^(ATELIER_|PG|DATABASE_URL$)/;

/**
 * @param source the worker's environment
 * @param more names that whoever runs Atelier adds (`ATELIER_TRAINER_ENV`), `*` at the end for any rest
 */
export function inheritedByTrainer(
	source: Record<string, string | undefined>,
	more: readonly string[] = [],
): Record<string, string> {
	const exact = new Set(more.filter((name) => !name.endsWith("*")));
	const prefixes = more.filter((name) => name.endsWith("*")).map((name) => name.slice(0, -1));
	const inherited: Record<string, string> = {};
	for (const [name, value] of Object.entries(source)) {
		// Proxies are written in small letters too, and Windows writes its names in any case.
		const upper = name.toUpperCase();
		const isNeeded = NAMES.has(upper) || PREFIXES.some((prefix) => upper.startsWith(prefix));
		const isAdded = exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
		if (value !== undefined && (isNeeded || isAdded) && !NEVER.test(upper)) inherited[name] = value;
	}
	return inherited;
}
