import { seeded } from '../../organization/index.ts';
import type { DemoPerson } from '../../patient/index.ts';
import type { AllergyItem } from './allergy.ts';

type Entry = Pick<AllergyItem, 'substance' | 'reaction' | 'severity'>;
export type DemoAllergies =
	{ readonly status: 'unknown' } | { readonly status: 'none-known' } | { readonly status: 'listed'; readonly items: readonly Entry[] };

const LIST: readonly Entry[] = [
	{ substance: '青霉素', reaction: '皮疹', severity: 'moderate' },
	{ substance: '青霉素', reaction: '过敏性休克', severity: 'severe' },
	{ substance: '头孢曲松', reaction: '荨麻疹', severity: 'moderate' },
	{ substance: '磺胺甲噁唑', reaction: '药疹', severity: 'moderate' },
	{ substance: '卡马西平', reaction: '剥脱性皮炎', severity: 'severe' },
	{ substance: '碘造影剂', reaction: '恶心、荨麻疹', severity: 'mild' },
	{ substance: '拉莫三嗪', reaction: '皮疹', severity: 'moderate' },
	{ substance: '海鲜', reaction: '口周肿胀', severity: 'mild' },
	{ substance: '花生', reaction: '喉头水肿', severity: 'severe' }
];
const fixed: Readonly<Record<string, DemoAllergies>> = {
	'male/01': { status: 'listed', items: [{ substance: '头孢曲松', reaction: '荨麻疹', severity: 'moderate' }] },
	'male/05': { status: 'listed', items: [{ substance: '青霉素', reaction: '过敏性休克', severity: 'severe' }] },
	'male/10': { status: 'none-known' },
	'female/01': {
		status: 'listed',
		items: [
			{ substance: '卡马西平', reaction: '剥脱性皮炎', severity: 'severe' },
			{ substance: '青霉素', reaction: '皮疹', severity: 'moderate' }
		]
	},
	'emergency/05': { status: 'unknown' },
	'male/w1': { status: 'unknown' }
};

export function demoAllergies(person: DemoPerson): DemoAllergies {
	const known = fixed[person.key];
	if (known !== undefined) return known;
	const next = seeded(`allergy/${person.key}`);
	const roll = next();
	if (roll < 0.14) return { status: 'unknown' };
	if (roll < 0.72) return { status: 'none-known' };
	const first = LIST[Math.floor(next() * LIST.length)];
	const second = LIST[Math.floor(next() * LIST.length)];
	const items = [first, ...(next() < 0.25 ? [second] : [])].filter((item) => item !== undefined);
	return { status: 'listed', items: items.filter((item, i) => items.findIndex((other) => other.substance === item.substance) === i) };
}
