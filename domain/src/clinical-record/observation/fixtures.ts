import { seeded } from '../../organization/index.ts';
import type { DemoPerson } from '../../patient/index.ts';
import { ITEMS, type ItemKey } from './observation.ts';

export interface DemoObservation {
	readonly item: ItemKey;
	/** minutes before the demo hospital opens */
	readonly minutesAgo: number;
	readonly value: number | null;
	readonly text: string | null;
	readonly by: string;
}
interface Signs {
	readonly temperature: number;
	readonly pulse: number;
	readonly respiration: number;
	readonly systolic: number;
	readonly diastolic: number;
	readonly spo2: number;
	readonly oxygen?: number;
	readonly mind?: string;
}
const WELL: Signs = { temperature: 36.5, pulse: 74, respiration: 16, systolic: 122, diastolic: 76, spo2: 98 };
// From the first set to the last: what the trend on the card tells.
const COURSES: Readonly<
	Record<
		string,
		{ readonly from: Signs; readonly to: Signs; readonly everyMinutes: number; readonly sets: number; readonly lastMinutesAgo: number; readonly scale2?: true }
	>
> = {
	'male/01': {
		from: { ...WELL, temperature: 38.2, pulse: 100, respiration: 19, spo2: 95 },
		to: { temperature: 38.9, pulse: 118, respiration: 22, systolic: 108, diastolic: 62, spo2: 94, oxygen: 3 },
		everyMinutes: 60,
		sets: 24,
		lastMinutesAgo: 12
	},
	'male/02': {
		from: { ...WELL, pulse: 116, temperature: 38.2, systolic: 158, mind: 'C' },
		to: { ...WELL, pulse: 106, temperature: 38.1, systolic: 146, diastolic: 92, mind: 'C' },
		everyMinutes: 120,
		sets: 14,
		lastMinutesAgo: 35
	},
	'male/53': {
		from: { ...WELL, spo2: 90, respiration: 20, oxygen: 1, pulse: 92 },
		to: { ...WELL, spo2: 91, respiration: 21, oxygen: 1, pulse: 95 },
		everyMinutes: 240,
		sets: 14,
		lastMinutesAgo: 50,
		scale2: true
	},
	'female/01': {
		from: { ...WELL, pulse: 98, temperature: 37.6 },
		to: { temperature: 38.8, pulse: 114, respiration: 21, systolic: 98, diastolic: 58, spo2: 96 },
		everyMinutes: 60,
		sets: 24,
		lastMinutesAgo: 8
	},
	'female/02': {
		from: { ...WELL, temperature: 39, respiration: 24, spo2: 93, pulse: 108, mind: 'C' },
		to: { ...WELL, temperature: 37.9, respiration: 20, spo2: 95, pulse: 94, mind: 'C' },
		everyMinutes: 120,
		sets: 16,
		lastMinutesAgo: 170
	},
	'female/41': {
		from: { ...WELL, temperature: 39.3, pulse: 104 },
		to: { ...WELL, temperature: 38.2, pulse: 92 },
		everyMinutes: 240,
		sets: 12,
		lastMinutesAgo: 80
	},
	'female/42': {
		from: { ...WELL, temperature: 38.6, pulse: 96 },
		to: { ...WELL, temperature: 37.6, pulse: 84 },
		everyMinutes: 240,
		sets: 10,
		lastMinutesAgo: 95
	},
	'female/43': { from: { ...WELL, temperature: 37.9 }, to: { ...WELL, temperature: 37.7, respiration: 20 }, everyMinutes: 360, sets: 6, lastMinutesAgo: 200 },
	'female/33': { from: { ...WELL, temperature: 38.1 }, to: { ...WELL, temperature: 37.4 }, everyMinutes: 240, sets: 10, lastMinutesAgo: 60 },
	'emergency/03': {
		from: { ...WELL, respiration: 9, spo2: 92, oxygen: 3, systolic: 98, mind: 'P' },
		to: { ...WELL, respiration: 11, spo2: 95, oxygen: 2, systolic: 104, mind: 'V' },
		everyMinutes: 30,
		sets: 7,
		lastMinutesAgo: 6
	},
	'emergency/05': {
		from: { ...WELL, pulse: 112, temperature: 35.8, mind: 'C' },
		to: { ...WELL, pulse: 100, temperature: 36.2, mind: 'C' },
		everyMinutes: 30,
		sets: 5,
		lastMinutesAgo: 20
	}
};

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

function vitals(person: DemoPerson, by: string): DemoObservation[] {
	const next = seeded(`vitals/${person.key}`);
	const course = COURSES[person.key];
	const hypertensive = person.ailments.includes('hypertension') ? 18 : 0;
	const from = course?.from ?? { ...WELL, systolic: WELL.systolic + hypertensive, diastolic: WELL.diastolic + hypertensive / 2 };
	const to = course?.to ?? from;
	const every = course?.everyMinutes ?? (person.ward === 'emergency' ? 60 : 480);
	const last = course?.lastMinutesAgo ?? 25 + Math.floor(next() * (person.ward === 'emergency' ? 30 : 330));
	const longest = Math.max(1, Math.floor((person.admittedHoursAgo * 60 - last) / every));
	const sets = Math.min(course?.sets ?? 12, longest);
	const wobble = (size: number): number => (next() - 0.5) * size;
	const result: DemoObservation[] = [];
	for (let i = 0; i < sets; i++) {
		const share = sets === 1 ? 1 : i / (sets - 1);
		// The last set is told exactly; those before wobble as people do.
		const calm = i === sets - 1 && course !== undefined ? 0 : 1;
		const minutesAgo = last + (sets - 1 - i) * every;
		const between = (key: 'temperature' | 'pulse' | 'respiration' | 'systolic' | 'diastolic' | 'spo2', size: number, digits: number): number =>
			round(from[key] + (to[key] - from[key]) * share + wobble(size) * calm, digits);
		const put = (item: ItemKey, value: number | null, text: string | null = null): void => {
			result.push({ item, minutesAgo, value, text, by });
		};
		put('temperature', between('temperature', 0.5, 1));
		put('pulse', between('pulse', 14, 0));
		put('respiration', between('respiration', 3, 0));
		put('systolic', between('systolic', 14, 0));
		put('diastolic', between('diastolic', 8, 0));
		put('spo2', Math.min(100, between('spo2', 1.6, 0)));
		put('consciousness', null, (share > 0.5 ? to.mind : from.mind) ?? 'A');
		const oxygen = share > 0.5 ? to.oxygen : from.oxygen;
		if (oxygen !== undefined) put('oxygen', oxygen);
	}
	if (course?.scale2 === true) result.push({ item: 'spo2Scale', minutesAgo: last + sets * every, value: 2, text: null, by });
	return result;
}

function labs(person: DemoPerson): DemoObservation[] {
	const next = seeded(`labs/${person.key}`);
	const lithium = person.illness === 'mania' || person.illness === 'bipolar-depression';
	const result: DemoObservation[] = [];
	const around = (item: ItemKey, centre: number, spread: number, digits: number): number =>
		round(Math.max(ITEMS[item].min, centre + (next() - 0.5) * 2 * spread), digits);
	for (const days of [0.15, 3, 9, 21]) {
		if (days * 24 > person.admittedHoursAgo) continue;
		const minutesAgo = Math.round(days * 1440 + next() * 60);
		const put = (item: ItemKey, value: number): void => {
			result.push({ item, minutesAgo, value, text: null, by: '检验科' });
		};
		put('potassium', person.ailments.includes('hypokalaemia') ? (days < 1 ? 2.6 : 3.1) : around('potassium', 4.1, 0.5, 2));
		put('sodium', around('sodium', 141, 3, 0));
		put('glucose', person.ailments.includes('diabetes') ? around('glucose', 9.2, 2.4, 1) : around('glucose', 5.1, 0.7, 1));
		put('creatinine', around('creatinine', person.sex === 'female' ? 58 : 76, 13, 0));
		put('alt', around('alt', 27, 20, 0));
		put(
			'wbc',
			person.ailments.includes('neutropenia')
				? days < 1
					? 1.9
					: 1.4
				: person.ailments.includes('pneumonia')
					? around('wbc', 14.2, 2, 1)
					: around('wbc', 6.4, 1.6, 1)
		);
		put('neutrophils', person.ailments.includes('neutropenia') ? (days < 1 ? 0.8 : 0.4) : around('neutrophils', 3.8, 1.1, 1));
		put('haemoglobin', around('haemoglobin', person.sex === 'female' ? 126 : 144, 9, 0));
		if (lithium) put('lithium', person.key === 'female/01' && days < 1 ? 1.62 : around('lithium', 0.82, 0.2, 2));
		if (days > 2) put('tsh', person.ailments.includes('hypothyroidism') ? around('tsh', 8.4, 2, 2) : around('tsh', 2.1, 1.1, 2));
	}
	return result;
}

/** Vital signs of the last days and laboratory results of the last weeks, never from before the admission. */
export const demoObservations = (person: DemoPerson, nurse: string): readonly DemoObservation[] => [...vitals(person, nurse), ...labs(person)];
