/** A strict reader of the text format, as a scraper has one: throws at the first line it would refuse. */
export interface Read {
	readonly types: ReadonlyMap<string, string>;
	readonly values: ReadonlyMap<string, number>;
	readonly labels: ReadonlyMap<string, ReadonlySet<string>>;
}

const SAMPLE = /^([a-z][a-z0-9_]*)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)+)\})? (-?[0-9.e+-]+|[+-]Inf|NaN)$/u;

export function readExposition(text: string): Read {
	const types = new Map<string, string>();
	const values = new Map<string, number>();
	const labels = new Map<string, Set<string>>();
	if (!text.endsWith('\n')) throw new Error('the last line does not end');
	for (const line of text.slice(0, -1).split('\n')) {
		const declared = /^# (HELP|TYPE) ([a-z][a-z0-9_]*) (.+)$/u.exec(line);
		if (declared !== null) {
			if (declared[1] === 'TYPE') {
				if (types.has(declared[2]!)) throw new Error(`declared twice: ${line}`);
				types.set(declared[2]!, declared[3]!);
			}
			continue;
		}
		const sample = SAMPLE.exec(line);
		if (sample === null) throw new Error(`not a sample: ${line}`);
		const [, name = '', pairs = '', value = ''] = sample;
		const family = types.has(name) ? name : name.replace(/_(bucket|sum|count)$/u, '');
		if (!types.has(family)) throw new Error(`a sample before its type: ${line}`);
		const key = pairs === '' ? name : `${name}{${pairs}}`;
		if (values.has(key)) throw new Error(`twice: ${key}`);
		values.set(key, value === '+Inf' ? Infinity : value === '-Inf' ? -Infinity : Number(value));
		for (const [, label = '', text_ = ''] of pairs.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/gu)) {
			const id = `${family}.${label}`;
			labels.set(id, (labels.get(id) ?? new Set()).add(text_));
		}
	}
	return { types, values, labels };
}
