import type { PatientId, StayId } from '../../kernel/index.ts';
import { demoHouse, fixtureId, seeded, type DemoWard } from '../../organization/index.ts';
import type { Sex } from './registry.ts';

/** What the demo tells about a person; every module of the demo hospital makes its own facts from it. */
export const ILLNESSES = [
	'schizophrenia',
	'schizoaffective',
	'mania',
	'bipolar-depression',
	'depression',
	'recurrent-depression',
	'alcohol',
	'dementia',
	'delirium',
	'anxiety',
	'compulsion',
	'stress',
	'anorexia',
	'overdose'
] as const;
export type Illness = (typeof ILLNESSES)[number];
export const AILMENTS = [
	'hypertension',
	'diabetes',
	'constipation',
	'pneumonia',
	'hypothyroidism',
	'urinary-infection',
	'hypokalaemia',
	'copd',
	'pregnancy',
	'scabies',
	'mrsa-wound',
	'influenza',
	'tuberculosis',
	'neutropenia'
] as const;
export type Ailment = (typeof AILMENTS)[number];

export interface DemoPerson {
	/** `male/07`: ward and bed; `male/w1`: waiting */
	readonly key: string;
	readonly id: PatientId;
	readonly stay: StayId;
	readonly ward: DemoWard;
	/** bed number, null while waiting */
	readonly bed: string | null;
	readonly mrn: string;
	readonly name: string;
	readonly sex: Sex;
	readonly birthDate: string | null;
	readonly age: number | null;
	readonly illness: Illness;
	readonly ailments: readonly Ailment[];
	readonly gravity: 'critical' | 'serious' | null;
	/** hours between admission and the moment the demo hospital opens */
	readonly admittedHoursAgo: number;
	/** hours since they left the hospital; null while they are there */
	readonly leftHoursAgo: number | null;
}

/** Beds nobody lies in, and why. */
export const emptyBeds: Readonly<
	Record<DemoWard, Readonly<Record<string, 'free' | 'reserved' | 'cleaning' | 'disinfecting' | 'maintenance' | 'private-room'>>>
> = {
	male: {
		'04': 'free',
		'08': 'free',
		'12': 'free',
		'15': 'free',
		'19': 'cleaning',
		'23': 'free',
		'27': 'reserved',
		'31': 'free',
		'36': 'maintenance',
		'40': 'free',
		'44': 'disinfecting',
		'47': 'free',
		'48': 'cleaning',
		'50': 'private-room',
		'51': 'private-room',
		'52': 'private-room',
		'56': 'free',
		'60': 'free'
	},
	female: {
		'04': 'free',
		'07': 'free',
		'11': 'cleaning',
		'16': 'free',
		'20': 'free',
		'24': 'maintenance',
		'28': 'free',
		'30': 'reserved',
		'34': 'private-room',
		'35': 'private-room',
		'36': 'private-room',
		'40': 'free',
		'44': 'free'
	},
	emergency: { '06': 'free' }
};

interface Told {
	readonly name?: string;
	readonly sex?: Sex;
	readonly age?: number | null;
	readonly illness?: Illness;
	readonly ailments?: readonly Ailment[];
	readonly gravity?: 'critical' | 'serious';
	readonly hours?: number;
	readonly left?: number;
}
// Those a journey or a test asks for by bed. Names that look or sound alike are there on purpose.
const told: Readonly<Record<string, Told>> = {
	'male/01': { name: '韩书远', age: 34, illness: 'delirium', ailments: ['pneumonia'], gravity: 'critical', hours: 52 },
	'male/02': { name: '崔志坚', age: 58, illness: 'alcohol', ailments: ['hypokalaemia', 'hypertension'], gravity: 'serious', hours: 30 },
	'male/03': { name: '钟凯', age: 26, illness: 'mania', hours: 75 },
	'male/05': { name: '张伟明', age: 41, illness: 'schizophrenia', hours: 26 * 24 },
	'male/10': { name: '刘洋', age: 29, illness: 'schizophrenia', hours: 12 * 24 },
	'male/13': { name: '杜若愚', age: 22, illness: 'mania', hours: 5 },
	'male/22': { name: '张伟民', age: 47, illness: 'bipolar-depression', hours: 9 * 24 },
	'male/33': { name: '刘洋', age: 53, illness: 'alcohol', hours: 20 * 24 },
	'male/49': { name: '谢长风', age: 45, illness: 'recurrent-depression', hours: 6 * 24 },
	'male/53': { name: '沈德荣', age: 78, illness: 'dementia', ailments: ['copd', 'hypertension'], gravity: 'serious', hours: 4 * 24 },
	'male/57': { name: '龚立新', age: 63, illness: 'schizophrenia', ailments: ['mrsa-wound', 'diabetes'], hours: 31 * 24 },
	'male/58': { name: '白建国', age: 59, illness: 'schizophrenia', ailments: ['mrsa-wound'], hours: 40 * 24 },
	'male/59': { name: '马永胜', age: 50, illness: 'schizophrenia', ailments: ['scabies'], hours: 3 * 24 },
	'male/w1': { name: '江一鸣', age: 37, illness: 'depression', hours: 2 },
	'male/w2': { name: '戴子昂', age: 31, illness: 'schizoaffective', hours: 7 },
	'female/01': { name: '沈若溪', age: 29, illness: 'mania', ailments: ['hypokalaemia'], gravity: 'critical', hours: 50 },
	'female/02': { name: '葛明珠', age: 67, illness: 'delirium', ailments: ['pneumonia', 'diabetes'], gravity: 'serious', hours: 40 },
	'female/03': { name: '贺文静', age: 44, illness: 'depression', hours: 11 * 24 },
	'female/06': { name: '陈雨桐', age: 24, illness: 'depression', hours: 8 * 24 },
	'female/09': { name: '周若岚', age: 12, illness: 'anorexia', hours: 15 * 24 },
	'female/14': { name: '林秋悦', age: 31, illness: 'recurrent-depression', ailments: ['pregnancy'], hours: 5 * 24 },
	'female/18': { name: '陈雨彤', age: 36, illness: 'anxiety', hours: 14 * 24 },
	'female/21': { name: '李思雨', age: 27, illness: 'compulsion', hours: 18 * 24 },
	'female/26': { name: '李思宁', age: 33, illness: 'schizophrenia', hours: 33 * 24 },
	'female/33': { name: '曹静宜', age: 39, illness: 'schizophrenia', ailments: ['neutropenia'], hours: 22 * 24 },
	'female/41': { name: '方小兰', age: 48, illness: 'schizophrenia', ailments: ['influenza'], hours: 10 * 24 },
	'female/42': { name: '邓春华', age: 55, illness: 'depression', ailments: ['influenza', 'hypertension'], hours: 17 * 24 },
	'female/43': { name: '罗小燕', age: 35, illness: 'schizophrenia', ailments: ['tuberculosis'], hours: 2 * 24 },
	'female/w1': { name: '梅映雪', age: 42, illness: 'stress', hours: 3 },
	'male/left': { name: '范长青', age: 44, illness: 'alcohol', hours: 21 * 24, left: 3 },
	'female/left': { name: '俞佩兰', age: 51, illness: 'recurrent-depression', ailments: ['hypertension'], hours: 24 * 24, left: 2 },
	'female/加1': { name: '钱小满', age: 23, illness: 'stress', hours: 20 },
	'emergency/01': { name: '孟大勇', age: 38, sex: 'male', illness: 'alcohol', hours: 9 },
	'emergency/02': {
		name: '邱志刚',
		age: 52,
		sex: 'male',
		illness: 'schizophrenia',
		ailments: ['pneumonia', 'hypertension'],
		gravity: 'serious',
		hours: 16 * 24
	},
	'emergency/03': { name: '苏晓棠', age: 20, sex: 'female', illness: 'overdose', gravity: 'serious', hours: 4 },
	'emergency/04': { name: '冯丽', age: 46, sex: 'female', illness: 'stress', hours: 6 },
	'emergency/05': { name: '无名氏 1121', age: null, sex: 'unknown', illness: 'delirium', hours: 3 }
};

const SURNAMES = [...'赵钱孙李吴郑冯陈褚卫蒋沈韩杨朱秦许何吕施孔曹严华金魏陶姜戚谢邹喻苏潘葛范彭鲁韦马苗方俞任袁柳鲍史唐费廉岑薛雷贺倪汤'];
const GIVEN: Readonly<Record<'male' | 'female', readonly string[]>> = {
	male: [
		'志远',
		'文斌',
		'国强',
		'立群',
		'浩然',
		'明轩',
		'建华',
		'家栋',
		'海涛',
		'永康',
		'成林',
		'学文',
		'俊杰',
		'宏伟',
		'振宇',
		'嘉诚',
		'晓东',
		'伯年',
		'士林',
		'正阳',
		'启航',
		'广平',
		'天佑',
		'泽民',
		'怀瑾'
	],
	female: [
		'秀英',
		'慧敏',
		'丽华',
		'婉清',
		'雪梅',
		'佳怡',
		'淑珍',
		'晓云',
		'玉洁',
		'思琪',
		'春燕',
		'红霞',
		'子涵',
		'美琳',
		'月娥',
		'依然',
		'文君',
		'凤仪',
		'采薇',
		'之桃',
		'念慈',
		'巧云',
		'向晚',
		'素心',
		'半夏'
	]
};
const COMMON: Readonly<Record<'male' | 'female', readonly Illness[]>> = {
	male: [
		'schizophrenia',
		'schizophrenia',
		'schizophrenia',
		'schizoaffective',
		'mania',
		'bipolar-depression',
		'alcohol',
		'alcohol',
		'depression',
		'compulsion',
		'dementia',
		'stress'
	],
	female: [
		'schizophrenia',
		'schizophrenia',
		'schizoaffective',
		'mania',
		'bipolar-depression',
		'depression',
		'depression',
		'recurrent-depression',
		'anxiety',
		'compulsion',
		'dementia',
		'stress'
	]
};

const pick = <T>(next: () => number, from: readonly T[]): T => {
	const value = from[Math.floor(next() * from.length)];
	if (value === undefined) throw new Error('nothing to pick from');
	return value;
};
// Ages are counted from a fixed day, so that ids and birth dates are the same in every run.
const birthDate = (next: () => number, age: number): string =>
	`${2025 - age}-${String(1 + Math.floor(next() * 12)).padStart(2, '0')}-${String(1 + Math.floor(next() * 28)).padStart(2, '0')}`;

function person(ward: DemoWard, place: string, index: number, taken: Set<string>): DemoPerson {
	const key = `${ward}/${place}`;
	const story = told[key] ?? {};
	const next = seeded(`person/${key}`);
	const sex: Sex = story.sex ?? (ward === 'female' ? 'female' : 'male');
	const kind = sex === 'female' ? 'female' : 'male';
	let name = story.name;
	while (name === undefined) {
		const candidate = pick(next, SURNAMES) + pick(next, GIVEN[kind]);
		if (!taken.has(candidate)) name = candidate;
	}
	taken.add(name);
	const illness = story.illness ?? pick(next, COMMON[kind]);
	const elderly = illness === 'dementia';
	const age = story.age === undefined ? (elderly ? 66 + Math.floor(next() * 20) : 18 + Math.floor(next() * 45)) : story.age;
	const ailments = story.ailments ?? [
		...(age !== null && age > 50 && next() < 0.6 ? (['hypertension'] as const) : []),
		...(next() < 0.18 ? (['diabetes'] as const) : []),
		...(next() < 0.2 ? (['constipation'] as const) : []),
		...(next() < 0.08 ? (['hypothyroidism'] as const) : [])
	];
	return {
		key,
		id: fixtureId<'patient'>(`patient/${key}`),
		stay: fixtureId<'stay'>(`stay/${key}`),
		ward,
		bed: /^\d|^加/u.test(place) ? place : null,
		mrn: `ZY${String(260_137 + index * 17)}`,
		name,
		sex,
		birthDate: age === null ? null : birthDate(next, age),
		age,
		illness,
		ailments,
		gravity: story.gravity ?? null,
		leftHoursAgo: story.left ?? null,
		admittedHoursAgo: story.hours ?? 24 * (1 + Math.floor(next() ** 2 * 75)) + Math.floor(next() * 10)
	};
}

const LATER: ReadonlySet<string> = new Set(['female/加1', 'emergency/02']);
function people(): readonly DemoPerson[] {
	const taken = new Set(Object.values(told).flatMap((story) => (story.name === undefined ? [] : [story.name])));
	const places = demoHouse.flatMap((ward) =>
		[
			...ward.rooms.flatMap((room) => room.beds.map((bed) => bed.number)).filter((number) => emptyBeds[ward.key][number] === undefined),
			...(ward.key === 'male' ? ['w1', 'w2'] : ward.key === 'female' ? ['w1'] : [])
		].map((place) => [ward.key, place] as const)
	);
	// Last, so that the others keep their names and numbers whoever joins them here.
	const late = (place: readonly [DemoWard, string]): boolean => LATER.has(place.join('/'));
	const ordered = [...places.filter((place) => !late(place)), ...places.filter(late), ['male', 'left'] as const, ['female', 'left'] as const];
	return ordered.map(([ward, place], index) => person(ward, place, index, taken));
}

/** Everybody in the demo hospital; all invented. */
export const demoPeople = /* @__PURE__ */ people();
/** `demoPatient('male/12')` */
export function demoPatient(key: string): DemoPerson {
	const found = demoPeople.find((candidate) => candidate.key === key);
	if (found === undefined) throw new Error(`nobody in the demo hospital is at ${key}`);
	return found;
}
