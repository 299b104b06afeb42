/** The Prometheus text format 0.0.4, by hand: a few counters need no library. Labels come from closed lists only, never from what people type. */
export interface Family {
	readonly name: string;
	readonly help: string;
	readonly type: 'counter' | 'gauge' | 'histogram';
	readonly samples: readonly FamilySample[];
}
export interface FamilySample {
	/** `_bucket`, `_sum`, `_count` of a histogram */
	readonly suffix?: string;
	readonly labels?: Readonly<Record<string, string>>;
	readonly value: number;
}

const NAME = /^[a-z][a-z0-9_]*$/u;
const escaped = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
const number = (value: number): string => (value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : String(value));

function line(family: string, { suffix = '', labels = {}, value }: FamilySample): string {
	const pairs = Object.entries(labels).map(([name, text]) => `${name}="${escaped(text)}"`);
	return `${family}${suffix}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${number(value)}`;
}

export function exposition(families: readonly Family[]): string {
	const names = new Set<string>();
	const blocks = families.map(({ name, help, type, samples }) => {
		if (!NAME.test(name) || names.has(name)) throw new Error(`a family of metrics cannot be named ${name}`);
		names.add(name);
		return [`# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', ' ')}`, `# TYPE ${name} ${type}`, ...samples.map((sample) => line(name, sample))];
	});
	return `${blocks.flat().join('\n')}\n`;
}

export const gauge = (name: string, help: string, value: number): Family => ({ name, help, type: 'gauge', samples: [{ value }] });
export const counter = (name: string, help: string, value: number): Family => ({ name, help, type: 'counter', samples: [{ value }] });
export const labelled = (type: 'counter' | 'gauge', name: string, help: string, label: string, values: Iterable<readonly [string, number]>): Family => ({
	name,
	help,
	type,
	samples: [...values].map(([text, value]) => ({ labels: { [label]: text }, value }))
});

/** `counts[i]`: how many fell at or under `bars[i]` and over the bar before; one more entry for those beyond all. Bars in seconds. */
export function histogram(name: string, help: string, bars: readonly number[], counts: readonly number[], sum: number): Family {
	let total = 0;
	const buckets = [...bars, Infinity].map((bar, i) => ({ suffix: '_bucket', labels: { le: number(bar) }, value: (total += counts[i] ?? 0) }));
	return { name, help, type: 'histogram', samples: [...buckets, { suffix: '_sum', value: sum }, { suffix: '_count', value: total }] };
}
