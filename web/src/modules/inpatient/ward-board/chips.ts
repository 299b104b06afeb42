import type { BoardPatient } from '@tongping/domain/inpatient';
import type { RiskGrade } from '@tongping/domain/nursing';

/** the ward's own judgement, which has no name worth a place on the card */
const WARD_SCALE = 'ward';

/** One word of the safety line. `word` is a key of the module's dictionary; `tone` a class of look.css. */
export interface Chip {
	readonly word: 'allergy' | 'restraint' | 'fall' | 'pressure' | 'suicide' | 'impulsive' | 'absconding' | 'contact' | 'droplet' | 'airborne' | 'protective';
	readonly tone: string;
	/** drug names, score, organism: shown where there is room, on hover on the board */
	readonly detail: string;
	readonly rank: number;
	/** how high a scored risk is */
	readonly grade: RiskGrade | null;
}

/** All safety marks of a patient, what may harm soonest first. */
export function chipsOf(person: BoardPatient): readonly Chip[] {
	const chips: Chip[] = [];
	if (person.restraint !== null) chips.push({ word: 'restraint', tone: 'warn', detail: person.restraint.reason, rank: 1, grade: null });
	if (person.isolation !== null)
		chips.push({ word: person.isolation.kind, tone: person.isolation.kind, detail: person.isolation.organism ?? '', rank: 2, grade: null });
	if (person.allergy.status === 'listed')
		chips.push({
			word: 'allergy',
			tone: 'alg',
			detail: person.allergy.items.map((item) => item.substance).join('、'),
			rank: person.allergy.items.some((item) => item.severity === 'severe') ? 1.5 : 3,
			grade: null
		});
	for (const risk of person.risks) {
		const high = risk.grade === 'high';
		const harmsSoon = risk.kind === 'suicide' || risk.kind === 'impulsive';
		chips.push({
			word: risk.kind,
			tone: high ? 'crit' : '',
			detail: risk.score === null ? '' : risk.scale === WARD_SCALE ? String(risk.score) : `${risk.scale} ${risk.score}`,
			grade: risk.grade,
			rank: high ? (risk.kind === 'suicide' ? 0 : harmsSoon ? 2.5 : 3.5) : 5
		});
	}
	return chips.toSorted((a, b) => a.rank - b.rank);
}

/** Those that fit on a card (English words are longer), and how many more there are: a hidden mark is always counted. */
export function firstChips(person: BoardPatient, most: number): { readonly shown: readonly Chip[]; readonly more: number; readonly rest: readonly Chip[] } {
	const chips = chipsOf(person);
	return { shown: chips.slice(0, most), more: Math.max(chips.length - most, 0), rest: chips.slice(most) };
}
