import type { BedId, WardId } from '../../kernel/index.ts';
import { fixtureId } from '../organization/fixture-id.ts';
import { demoWards } from '../organization/fixtures.ts';
import type { RoomId, RoomSexRule, WardSexRule } from './ward.ts';

export type DemoWard = keyof typeof demoWards;
export interface DemoBed {
	readonly id: BedId;
	readonly number: string;
	readonly position: number;
	readonly extra: boolean;
}
export interface DemoRoom {
	readonly id: RoomId;
	readonly ward: DemoWard;
	readonly name: string;
	readonly purpose: string;
	readonly sexRule: RoomSexRule;
	readonly position: number;
	readonly beds: readonly DemoBed[];
}

export interface DemoWardPlan {
	readonly key: DemoWard;
	readonly id: WardId;
	readonly name: string;
	readonly sexRule: WardSexRule;
	readonly duty: { readonly doctor: string; readonly doctorPhone: string; readonly nurses: readonly string[]; readonly nursePhone: string };
	readonly rooms: readonly DemoRoom[];
}

const bedNumber = (n: number): string => String(n).padStart(2, '0');
/** `demoBed('male', '12')` */
export const demoBed = (ward: DemoWard, number: string): BedId => fixtureId<'bed'>(`bed/${ward}/${number}`);

function rooms(ward: DemoWard, sexRule: RoomSexRule, plan: readonly (readonly [name: string, purpose: string, beds: number])[]): DemoRoom[] {
	let next = 1;
	return plan.map(([name, purpose, beds], position) => ({
		id: fixtureId<'room'>(`room/${ward}/${name}`),
		ward,
		name,
		purpose,
		sexRule,
		position,
		beds: Array.from({ length: beds }, (): DemoBed => {
			const n = next++;
			return { id: demoBed(ward, bedNumber(n)), number: bedNumber(n), position: n, extra: false };
		})
	}));
}

/** 加床: one more bed than the ward is made for, in the corridor, until another is free. */
const corridor = (ward: DemoWard, sexRule: RoomSexRule): DemoRoom => ({
	id: fixtureId<'room'>(`room/${ward}/走廊`),
	ward,
	name: '走廊',
	purpose: '加床',
	sexRule,
	position: 90,
	beds: [{ id: demoBed(ward, '加1'), number: '加1', position: 900, extra: true }]
});

const ordinary = (floor: number, from: number, to: number) =>
	Array.from({ length: to - from + 1 }, (_, i) => [`${floor}${bedNumber(from + i)}`, '普通', 4] as const);

/** Two closed wards that take one sex each, and an observation ward of the emergency room where the sexes are kept apart by room. */
export const demoHouse: readonly DemoWardPlan[] = [
	{
		key: 'male',
		id: demoWards.male,
		name: '精神科男病区',
		sexRule: 'male',
		duty: { doctor: '李晨', doctorPhone: '6012', nurses: ['王思齐', '赵文博'], nursePhone: '6018' },
		rooms: rooms('male', 'male', [['201', '重症观察', 4], ...ordinary(2, 2, 13), ['214', '老年', 4], ['215', '隔离', 2], ['216', '隔离', 2]])
	},
	{
		key: 'female',
		id: demoWards.female,
		name: '精神科女病区',
		sexRule: 'female',
		duty: { doctor: '许知远', doctorPhone: '6022', nurses: ['何静', '唐雨眠'], nursePhone: '6028' },
		rooms: [
			...rooms('female', 'female', [['301', '重症观察', 4], ...ordinary(3, 2, 9), ['310', '老年', 4], ['311', '隔离', 2], ['312', '隔离', 2]]),
			corridor('female', 'female')
		]
	},
	{
		key: 'emergency',
		id: demoWards.emergency,
		name: '急诊留观',
		sexRule: 'mixed',
		duty: { doctor: '方惠', doctorPhone: '6002', nurses: ['高斌'], nursePhone: '6008' },
		rooms: rooms('emergency', 'same-sex', [
			['101', '留观', 2],
			['102', '留观', 2],
			['103', '留观', 2]
		])
	}
];
