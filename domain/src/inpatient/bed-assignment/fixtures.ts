import type { Actor, BedId, Facts, PatientId, Role, StayId, WardId } from '../../kernel/index.ts';
import { demoOrganization, EXTRA_BED, fixtureId, type BedStatus, type RoomId, type RoomSexRule, type WardSexRule } from '../../organization/index.ts';
import type { Isolation } from '../../nursing/index.ts';
import type { Sex } from '../../patient/index.ts';
import type { BedState, BoardState, PlacedStay } from './bed-assignment.ts';

/** A ward in a few words, for given-when-then: `ward({ sexRule: 'female', rooms: { a: ['1', '2'] }, people: { ann: { bed: '1' } } })`. */
export interface WardInWords {
	readonly sexRule?: WardSexRule;
	readonly rooms: Readonly<Record<string, readonly string[]>>;
	readonly roomRule?: RoomSexRule;
	readonly people: Readonly<Record<string, { readonly bed?: string; readonly sex?: Sex; readonly isolation?: Isolation; readonly endedAt?: number }>>;
	readonly beds?: Readonly<Record<string, { readonly status: BedStatus; readonly reservedFor?: string }>>;
}
export const bedId = (number: string): BedId => fixtureId<'bed'>(`given/bed/${number}`);
export const stayId = (name: string): StayId => fixtureId<'stay'>(`given/stay/${name}`);
export const patientId = (name: string): PatientId => fixtureId<'patient'>(`given/patient/${name}`);
export const roomId = (name: string): RoomId => fixtureId<'room'>(`given/room/${name}`);
export const wardId: WardId = fixtureId<'ward'>('given/ward');

export function ward({ sexRule = 'female', rooms, roomRule = 'any', people, beds = {} }: WardInWords): BoardState {
	const holder = (number: string): StayId | null => {
		const [name] = Object.entries(people).find(([, person]) => person.bed === number && person.endedAt === undefined) ?? [];
		return name === undefined ? null : stayId(name);
	};
	const bedStates = Object.entries(rooms).flatMap(([room, numbers]) =>
		numbers.map((number): [BedId, BedState] => [
			bedId(number),
			{
				bed: bedId(number),
				room: roomId(room),
				number,
				extra: number.startsWith(EXTRA_BED),
				status: beds[number]?.status ?? 'free',
				reservedFor: beds[number]?.reservedFor === undefined ? null : stayId(beds[number].reservedFor),
				occupant: holder(number),
				by: '王思齐',
				at: 1000
			}
		])
	);
	const stays = Object.entries(people).map(([name, person]): [StayId, PlacedStay] => [
		stayId(name),
		{
			stay: stayId(name),
			patient: patientId(name),
			patientName: name,
			sex: person.sex ?? 'female',
			isolation: person.isolation ?? null,
			bed: person.bed === undefined || person.endedAt !== undefined ? null : bedId(person.bed),
			endedAt: person.endedAt ?? null,
			by: '王思齐',
			at: 1000
		}
	]);
	return {
		ward: { id: wardId, name: '病区', sexRule },
		rooms: new Map(Object.keys(rooms).map((room) => [roomId(room), { id: roomId(room), name: room, sexRule: roomRule }])),
		beds: new Map(bedStates),
		stays: new Map(stays)
	};
}

export const actor = (role: Role, wards: Actor['wards'] = [wardId], name = '赵文博'): Actor => ({
	user: fixtureId<'user'>(`given/user/${name}`),
	name,
	role,
	organization: demoOrganization.id,
	wards,
	session: 'session',
	steppedUpAt: 0
});
export const facts: Facts = { now: 2000, actor: actor('nurse'), newId: () => fixtureId('given/new') };
