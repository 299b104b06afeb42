import { ITEMS, type Observation } from '../../clinical-record/index.ts';
import type { ChipAttributes } from './content.ts';

/** A chip before it stands in a text: what the record says, without a trace. */
export type ChipFacts = Omit<ChipAttributes, 'trace'>;

/** Blood pressure is spoken, written and inserted as one value of two measurements. */
export const BLOOD_PRESSURE = { code: '85354-9', zh: '血压' } as const;
const FLAGS = { L: 'low', H: 'high', LL: 'critical', HH: 'critical' } as const;
const flagWord = (...flags: readonly Observation['flag'][]): ChipAttributes['flag'] => {
	const words = flags.map((flag) => (flag === null ? '' : FLAGS[flag]));
	return words.find((word) => word === 'critical') ?? words.find((word) => word !== '') ?? '';
};

export const chipOf = (observation: Observation): ChipFacts => ({
	source: 'observation',
	code: observation.code,
	label: observation.display.slice(0, 200),
	value: (observation.value === null ? (observation.text ?? '') : String(observation.value)).slice(0, 200),
	unit: observation.unit ?? '',
	at: String(observation.at),
	observation: observation.id,
	flag: flagWord(observation.flag)
});

export const pressureChip = (systolic: Observation, diastolic: Observation): ChipFacts => ({
	...chipOf(systolic),
	code: BLOOD_PRESSURE.code,
	label: BLOOD_PRESSURE.zh,
	value: `${systolic.value}/${diastolic.value}`,
	observation: `${systolic.id}+${diastolic.id}`,
	flag: flagWord(systolic.flag, diastolic.flag)
});

const HIDDEN: ReadonlySet<string> = new Set([ITEMS.spo2Scale.code, ITEMS.diastolic.code]);
/** One chip a value, the two pressures of one moment joined, oldest first. */
export function chipsOf(observations: readonly Observation[]): readonly (ChipFacts & { readonly category: Observation['category'] })[] {
	return observations.flatMap((observation) => {
		if (HIDDEN.has(observation.code)) return [];
		const lower = observation.code === ITEMS.systolic.code ? observations.find((o) => o.code === ITEMS.diastolic.code && o.at === observation.at) : undefined;
		return [{ ...(lower === undefined ? chipOf(observation) : pressureChip(observation, lower)), category: observation.category }];
	});
}

/** The record rows a chip was made of. */
export const sourcesOf = (chip: Pick<ChipAttributes, 'observation'>): readonly string[] => chip.observation.split('+');

/** Does this chip still say what its rows say? The label is language and may differ. */
export function chipAgrees(chip: ChipAttributes, rows: readonly Observation[]): boolean {
	const [first, second] = rows;
	if (first === undefined || rows.length > 2) return false;
	const facts = second === undefined ? chipOf(first) : pressureChip(first, second);
	return (['source', 'code', 'value', 'unit', 'at', 'observation', 'flag'] as const).every((key) => facts[key] === chip[key]);
}
