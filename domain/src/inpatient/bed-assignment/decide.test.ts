import { describe, expect, it } from 'vitest';
import type { Isolation } from '../../nursing/index.ts';
import type { BoardState, Override } from './bed-assignment.ts';
import { decideAssignFromWaiting, decideSendToWaiting, decideSetStatus, decideSwap, decideTransfer } from './decide.ts';
import { actor, bedId, facts, patientId, stayId, ward, type WardInWords } from './fixtures.ts';
import { mayKeepBed, mayMove } from './policy.ts';

const mrsa: Isolation = { kind: 'contact', organism: 'MRSA' };
const move = (state: BoardState, name: string, from: string, to: string, override: Override | null = null) =>
	decideTransfer(state, { patient: patientId(name), stay: stayId(name), from: bedId(from), to: bedId(to), override }, facts);
const exchange = (state: BoardState, a: string, aBed: string, b: string, bBed: string) =>
	decideSwap(
		state,
		{ patient: patientId(a), stay: stayId(a), from: bedId(aBed), other: { patient: patientId(b), stay: stayId(b), from: bedId(bBed) }, override: null },
		facts
	);

const two = { rooms: { a: ['1', '2'], b: ['3', '4'] } };

describe('transfer', () => {
	it('is two events: the old bed released, the new one assigned', () => {
		expect(move(ward({ ...two, people: { ann: { bed: '1' } } }), 'ann', '1', '3')).toMatchObject({
			ok: true,
			value: [
				{ type: 'inpatient.bed-assignment.bed-released', bed: bedId('1'), bedNumber: '1', to: 'bed', status: 'free', by: '赵文博' },
				{ type: 'inpatient.bed-assignment.bed-assigned', bed: bedId('3'), bedNumber: '3', patientName: 'ann', from: bedId('1') }
			]
		});
	});
	it('leaves the bed of an isolated patient to be disinfected', () => {
		expect(move(ward({ ...two, people: { ann: { bed: '1', isolation: mrsa } } }), 'ann', '1', '3')).toMatchObject({ value: [{ status: 'disinfecting' }, {}] });
		expect(move(ward({ ...two, people: { ann: { bed: '1', isolation: { kind: 'protective', organism: null } } } }), 'ann', '1', '3')).toMatchObject({
			value: [{ status: 'free' }, {}]
		});
	});

	it.each<[string, WardInWords, string, Record<string, unknown>]>([
		[
			'names the holder, who put them there and when',
			{ ...two, people: { ann: { bed: '1' }, bea: { bed: '3' } } },
			'bed-occupied',
			{ bed: '3', patientName: 'bea', by: '王思齐', at: 1000 }
		],
		[
			'a bed that is being cleaned',
			{ ...two, people: { ann: { bed: '1' } }, beds: { '3': { status: 'cleaning' } } },
			'bed-not-ready',
			{ bed: '3', status: 'cleaning' }
		],
		[
			'a bed kept for somebody else',
			{ ...two, people: { ann: { bed: '1' }, bea: {} }, beds: { '3': { status: 'reserved', reservedFor: 'bea' } } },
			'bed-not-ready',
			{ status: 'reserved' }
		],
		['a man in a ward for women', { ...two, people: { ann: { bed: '1', sex: 'male' } } }, 'ward-sex', { rule: 'female', sex: 'male' }],
		['a woman to a room kept for men', { ...two, sexRule: 'mixed', roomRule: 'male', people: { ann: { bed: '1' } } }, 'room-sex', { sex: 'male' }],
		[
			'a woman to a room where a man lies',
			{ ...two, sexRule: 'mixed', roomRule: 'same-sex', people: { ann: { bed: '1' }, bob: { bed: '4', sex: 'male' } } },
			'room-sex',
			{ holder: 'bob', holderBed: '4' }
		],
		['somebody whose sex nobody knows, without a reason', { ...two, people: { ann: { bed: '1', sex: 'unknown' } } }, 'sex-unknown', { holder: 'ann' }],
		[
			'a room where somebody of unknown sex lies',
			{ ...two, sexRule: 'mixed', roomRule: 'same-sex', people: { ann: { bed: '1' }, xan: { bed: '4', sex: 'unknown' } } },
			'sex-unknown',
			{ holder: 'xan' }
		],
		[
			'the room of an isolated patient',
			{ ...two, people: { ann: { bed: '1' }, bea: { bed: '4', isolation: mrsa } } },
			'isolation-conflict',
			{ isolated: 'room', holder: 'bea', kind: 'contact', organism: 'MRSA' }
		],
		[
			'an isolated patient to the healthy',
			{ ...two, people: { ann: { bed: '1', isolation: mrsa }, bea: { bed: '4' } } },
			'isolation-conflict',
			{ isolated: 'patient', kind: 'contact' }
		],
		[
			'another organism',
			{ ...two, people: { ann: { bed: '1', isolation: mrsa }, bea: { bed: '4', isolation: { kind: 'contact', organism: 'VRE' } } } },
			'isolation-conflict',
			{}
		],
		[
			'another way of spreading',
			{ ...two, people: { ann: { bed: '1', isolation: mrsa }, bea: { bed: '4', isolation: { kind: 'droplet', organism: 'MRSA' } } } },
			'isolation-conflict',
			{}
		],
		[
			'two whose organism nobody knows yet',
			{
				...two,
				people: { ann: { bed: '1', isolation: { kind: 'contact', organism: null } }, bea: { bed: '4', isolation: { kind: 'contact', organism: null } } }
			},
			'isolation-conflict',
			{}
		],
		[
			'two protected patients',
			{
				...two,
				people: { ann: { bed: '1', isolation: { kind: 'protective', organism: null } }, bea: { bed: '4', isolation: { kind: 'protective', organism: null } } }
			},
			'isolation-conflict',
			{}
		],
		['one who has left', { ...two, people: { ann: { bed: '1', endedAt: 1500 } } }, 'stay-ended', { patientName: 'ann', at: 1500 }],
		['one who was moved meanwhile', { ...two, people: { ann: { bed: '2' } } }, 'stale-source-bed', { from: '1', bed: '2', by: '王思齐' }],
		['one who waits meanwhile', { ...two, people: { ann: {} } }, 'stale-source-bed', { from: '1', bed: null }]
	])('refuses %s', (_, words, code, told) => {
		expect(move(ward(words), 'ann', '1', '3')).toMatchObject({ ok: false, refusal: { code, facts: told } });
	});

	it('refuses somebody else than the sender meant, another ward, an unknown bed and the same bed', () => {
		const state = ward({ ...two, people: { ann: { bed: '1' } } });
		const input = { patient: patientId('ann'), stay: stayId('ann'), from: bedId('1'), to: bedId('3'), override: null };
		const code = (change: Partial<typeof input>, of = state) => {
			const r = decideTransfer(of, { ...input, ...change }, facts);
			return r.ok ? 'ok' : r.refusal.code;
		};
		expect(code({ patient: patientId('bea') })).toBe('patient-mismatch');
		expect(code({ stay: stayId('bea') })).toBe('not-in-this-ward');
		expect(code({ from: bedId('99') })).toBe('not-in-this-ward');
		expect(code({ to: bedId('99') })).toBe('bed-not-in-this-ward');
		expect(code({ to: bedId('1') })).toBe('same-bed');
		expect(code({}, { ...state, ward: null })).toBe('not-in-this-ward');
	});
	it('lets a reason through by the name of its rule, writes it down, and only where it was needed', () => {
		const override: Override = { rule: 'sex-unknown', reason: '急诊送来，身份待核' };
		expect(move(ward({ ...two, people: { ann: { bed: '1', sex: 'unknown' } } }), 'ann', '1', '3', override)).toMatchObject({
			ok: true,
			value: [{}, { override }]
		});
		expect(move(ward({ ...two, people: { ann: { bed: '1' } } }), 'ann', '1', '3', override)).toMatchObject({ ok: true, value: [{}, { override: null }] });
		expect(move(ward({ ...two, people: { ann: { bed: '1', sex: 'male' } } }), 'ann', '1', '3', override)).toMatchObject({
			ok: false,
			refusal: { code: 'ward-sex' }
		});
	});
	it('lets an isolated patient turn back into their own bed before it is disinfected, and nobody else', () => {
		const beds = { '1': { status: 'disinfecting', reservedFor: 'ann' } } as const;
		expect(move(ward({ ...two, people: { ann: { bed: '3', isolation: mrsa } }, beds }), 'ann', '3', '1').ok).toBe(true);
		expect(move(ward({ ...two, people: { ann: { bed: '4', isolation: mrsa }, bea: { bed: '3' } }, beds }), 'bea', '3', '1')).toMatchObject({
			refusal: { code: 'bed-not-ready' }
		});
	});
	it('lets the same organism lie together, and a patient into the bed kept for them', () => {
		expect(move(ward({ ...two, people: { ann: { bed: '1', isolation: mrsa }, bea: { bed: '4', isolation: mrsa } } }), 'ann', '1', '3').ok).toBe(true);
		expect(move(ward({ ...two, people: { ann: { bed: '1' } }, beds: { '3': { status: 'reserved', reservedFor: 'ann' } } }), 'ann', '1', '3').ok).toBe(true);
	});
});

describe('swap', () => {
	it('is one decision with four events, both released before either is assigned', () => {
		const result = exchange(ward({ ...two, people: { ann: { bed: '1' }, bea: { bed: '3' } } }), 'ann', '1', 'bea', '3');
		expect(result.ok && result.value.map((e) => [e.type.split('.').at(-1), e.patientName, e.bedNumber])).toEqual([
			['bed-released', 'ann', '1'],
			['bed-released', 'bea', '3'],
			['bed-assigned', 'ann', '3'],
			['bed-assigned', 'bea', '1']
		]);
	});
	it('judges both at their new places: inside one room, and against those who stay', () => {
		expect(
			exchange(ward({ ...two, sexRule: 'mixed', roomRule: 'same-sex', people: { ann: { bed: '1' }, bea: { bed: '2' } } }), 'ann', '1', 'bea', '2').ok
		).toBe(true);
		expect(
			exchange(ward({ ...two, sexRule: 'mixed', roomRule: 'same-sex', people: { ann: { bed: '1' }, bob: { bed: '3', sex: 'male' } } }), 'ann', '1', 'bob', '3')
				.ok
		).toBe(true);
		expect(
			exchange(
				ward({ ...two, sexRule: 'mixed', roomRule: 'same-sex', people: { ann: { bed: '1' }, eve: { bed: '2' }, bob: { bed: '3', sex: 'male' } } }),
				'ann',
				'1',
				'bob',
				'3'
			)
		).toMatchObject({ refusal: { code: 'room-sex', facts: { patientName: 'bob', holder: 'eve' } } });
	});
	it('never lays anybody in the bed of an isolated patient unwashed', () => {
		expect(exchange(ward({ ...two, people: { ann: { bed: '1', isolation: mrsa }, bea: { bed: '3' } } }), 'ann', '1', 'bea', '3')).toMatchObject({
			refusal: { code: 'bed-not-ready', facts: { status: 'disinfecting' } }
		});
	});
	it('refuses when either was moved meanwhile, or is meant twice', () => {
		const state = ward({ ...two, people: { ann: { bed: '1' }, bea: { bed: '4' } } });
		expect(exchange(state, 'ann', '1', 'bea', '3')).toMatchObject({ refusal: { code: 'stale-source-bed', facts: { patientName: 'bea' } } });
		expect(exchange(state, 'ann', '1', 'ann', '1')).toMatchObject({ refusal: { code: 'same-bed' } });
	});
});

describe('waiting and the state of beds', () => {
	it('sends away and takes back', () => {
		const state = ward({ ...two, people: { ann: { bed: '1' }, bea: {} } });
		expect(decideSendToWaiting(state, { patient: patientId('ann'), stay: stayId('ann'), from: bedId('1'), reason: '' }, facts)).toMatchObject({
			ok: true,
			value: [{ to: 'waiting', bedNumber: '1' }]
		});
		expect(decideAssignFromWaiting(state, { patient: patientId('bea'), stay: stayId('bea'), to: bedId('3'), override: null }, facts)).toMatchObject({
			ok: true,
			value: [{ from: null, bedNumber: '3' }]
		});
		expect(decideAssignFromWaiting(state, { patient: patientId('ann'), stay: stayId('ann'), to: bedId('3'), override: null }, facts)).toMatchObject({
			refusal: { code: 'already-in-bed', facts: { bed: '1' } }
		});
	});
	it('changes the state of an empty bed only', () => {
		const state = ward({ ...two, people: { ann: { bed: '1' } } });
		const set = (number: string) => decideSetStatus(state, { bed: bedId(number), status: 'cleaning', note: '', reservedFor: null }, facts);
		expect(set('3')).toMatchObject({ ok: true, value: [{ status: 'cleaning', patient: null }] });
		expect(set('1')).toMatchObject({ refusal: { code: 'bed-occupied', facts: { patientName: 'ann' } } });
	});
});

describe('who may', () => {
	const state = ward({ ...two, people: { ann: { bed: '1' } } });
	it.each([
		['nurse', true, true],
		['head-nurse', true, true],
		['resident', true, false],
		['attending', true, false],
		['chief', true, false],
		['pharmacist', false, false],
		['radiologist', false, false],
		['reviewing-radiologist', false, false],
		['administrator', false, false]
	] as const)('%s of the ward: moves %s, keeps beds %s; nobody of another ward does', (role, moves, keeps) => {
		expect([mayMove(actor(role), state), mayKeepBed(actor(role), state)]).toEqual([moves, keeps]);
		expect([mayMove(actor(role, []), state), mayKeepBed(actor(role, []), state)]).toEqual([false, false]);
		expect(mayMove(actor(role, '*'), { ...state, ward: null })).toBe(false);
	});
});
