import type { Board, BoardBed, BoardPatient } from '@tongping/domain/inpatient';

/** A small ward for tests: 2026-11-21 08:31:07 in the hospital. */
export const NOW = Date.parse('2026-11-21T00:31:07Z');
const HOUR = 3_600_000;

export function person(parts: Partial<BoardPatient> & { readonly name: string }): BoardPatient {
	return {
		stay: `stay-${parts.name}` as never,
		patient: `patient-${parts.name}` as never,
		mrn: '100001',
		initials: '',
		pinyin: '',
		sex: 'female',
		birthDate: '1992-03-05',
		admittedAt: NOW - 240 * HOUR,
		inWardSince: NOW - 240 * HOUR,
		fromWard: null,
		alike: null,
		level: { level: 'second', since: NOW },
		severity: null,
		diagnosis: '双相障碍',
		pregnant: false,
		resident: null,
		attending: null,
		nurse: null,
		earlyWarning: { kind: 'score', score: 1, risk: 'low', at: NOW - HOUR, previous: 1, trend: 'level', intervalMs: 12 * HOUR },
		temperature: null,
		allergy: { status: 'none-known', items: [], at: NOW },
		isolation: null,
		risks: [],
		restraint: null,
		diet: null,
		expectedDischarge: null,
		dischargeNotice: null,
		payer: '居民',
		...parts
	};
}

export function bed(number: string, occupant: BoardPatient | null, room = 'room-1'): BoardBed {
	return {
		bed: `bed-${number}` as never,
		room: room as never,
		number,
		position: Number(number),
		extra: false,
		status: 'free',
		statusNote: null,
		reservedFor: null,
		occupant,
		lastCommandId: null,
		changedBy: null,
		changedAt: null
	};
}

export function boardWith(beds: readonly BoardBed[], waiting: readonly BoardPatient[] = []): Board {
	return {
		ward: {
			ward: { id: 'ward-1' as never, name: '女三病区', sexRule: 'female', roundMinutes: { special: 15, first: 30, second: 60, third: 120 } },
			rooms: [{ id: 'room-1' as never, name: '301', purpose: '', sexRule: 'any', position: 1 }]
		},
		header: { duty: { doctor: null, doctorPhone: null, nurses: [], nursePhone: null }, dischargedAt: [], transferredOutAt: [] },
		beds,
		waiting: waiting.map((occupant) => ({ occupant, since: NOW, lastCommandId: null, changedBy: null })),
		incoming: [],
		outgoing: []
	};
}
