import { describe, expect, it } from 'vitest';
import type { Isolation } from '../../nursing/index.ts';
import { targetVerdict } from '../bed-assignment/verdict.ts';
import { actor, bedId, facts, roomId, stayId, ward, wardId, type WardInWords } from '../bed-assignment/fixtures.ts';
import { decideAddExtra, decideRemoveExtra, nextExtra } from './decide.ts';
import { MOST_EXTRA_IN_ROOM } from './extra-bed.ts';
import { mayKeepExtraBeds } from './policy.ts';

const two: WardInWords = { rooms: { a: ['1', '2'], b: ['3', '加2'] }, people: {} };
const add = (words: WardInWords, room = 'a') => decideAddExtra(ward(words), { ward: wardId, room: roomId(room) }, facts);
const remove = (words: WardInWords, bed: string) => decideRemoveExtra(ward(words), { bed: bedId(bed) }, facts);
const isolated = (isolation: Isolation): WardInWords => ({ ...two, people: { ann: { bed: '1', isolation } } });

describe('adding an extra bed', () => {
	it('takes the first number of the ward that no bed stands under', () => {
		expect(nextExtra(ward(two)).number).toBe('加1');
		expect(nextExtra(ward({ ...two, rooms: { a: ['加1', '加2', '加4'] } })).number).toBe('加3');
		expect(add(two)).toMatchObject({
			ok: true,
			value: [{ type: 'inpatient.bed.extra-added', room: roomId('a'), bedNumber: '加1', by: '赵文博', patient: null }]
		});
	});

	it.each<[string, WardInWords, string, string, Record<string, unknown>]>([
		['a room of another ward', two, 'z', 'room-not-in-this-ward', { ward: '病区' }],
		['a room let as a whole', { ...two, beds: { '2': { status: 'private-room' } } }, 'a', 'room-let-whole', { room: 'a', bed: '2' }],
		['the room of somebody protected', isolated({ kind: 'protective', organism: null }), 'a', 'room-for-one', { room: 'a', bed: '1', kind: 'protective' }],
		['the room of an unknown organism', isolated({ kind: 'contact', organism: null }), 'a', 'room-for-one', { organism: null }],
		[
			'a room that is full of them',
			{ rooms: { a: Array.from({ length: MOST_EXTRA_IN_ROOM }, (_, n) => `加${String(n + 1)}`) }, people: {} },
			'a',
			'room-full',
			{ extra: MOST_EXTRA_IN_ROOM }
		]
	])('refuses %s', (_, words, room, code, told) => {
		expect(add(words, room)).toMatchObject({ ok: false, refusal: { code, facts: told } });
	});

	it('lets a cohort of one organism grow', () => {
		expect(add(isolated({ kind: 'contact', organism: 'MRSA' }))).toMatchObject({ ok: true });
	});

	it('gives the bed the rules of its room', () => {
		const room: WardInWords = { rooms: { a: ['1', '加1'], b: ['2'] }, sexRule: 'mixed', roomRule: 'same-sex', people: {} };
		const verdict = (people: WardInWords['people']) => targetVerdict(ward({ ...room, people }), stayId('bob'), bedId('加1'));
		const bob = { bed: '2', sex: 'male' } as const;
		expect(verdict({ bob, ann: { bed: '1' } })).toMatchObject({ kind: 'refused', refusal: { code: 'room-sex' } });
		expect(verdict({ bob, cal: { bed: '1', sex: 'male', isolation: { kind: 'contact', organism: 'MRSA' } } })).toMatchObject({
			refusal: { code: 'isolation-conflict' }
		});
		expect(verdict({ bob, cal: { bed: '1', sex: 'male' } })).toEqual({ kind: 'allowed' });
	});
});

describe('taking one away', () => {
	it('is done while it is empty, kept for nobody and clean', () => {
		expect(remove(two, '加2')).toMatchObject({
			ok: true,
			value: [{ type: 'inpatient.bed.extra-removed', bed: bedId('加2'), bedNumber: '加2', room: roomId('b') }]
		});
		expect(remove({ ...two, beds: { 加2: { status: 'maintenance' } } }, '加2')).toMatchObject({ ok: true });
	});

	it('is refused by name otherwise, without the name of who lies there', () => {
		const taken = remove({ ...two, people: { ann: { bed: '加2' } } }, '加2');
		expect(taken).toEqual({ ok: false, refusal: { code: 'extra-bed-occupied', facts: { bed: '加2', by: '王思齐', at: 1000 } } });
		expect(remove(two, '1')).toMatchObject({ refusal: { code: 'not-an-extra-bed', facts: { bed: '1' } } });
		expect(remove(two, '加9')).toMatchObject({ refusal: { code: 'extra-bed-gone', facts: { ward: '病区' } } });
		for (const status of ['reserved', 'cleaning', 'disinfecting', 'private-room'] as const)
			expect(remove({ ...two, beds: { 加2: { status } } }, '加2')).toMatchObject({ refusal: { code: 'extra-bed-not-ready', facts: { status } } });
	});
});

it('is for the head nurse and the administrator of the ward', () => {
	const may = (...who: Parameters<typeof actor>) => mayKeepExtraBeds(actor(...who), ward(two));
	expect([may('head-nurse'), may('administrator'), may('administrator', '*')]).toEqual([true, true, true]);
	expect([may('nurse'), may('attending'), may('chief'), may('pharmacist', '*')]).toEqual([false, false, false, false]);
	expect([may('head-nurse', []), may('administrator', [])]).toEqual([false, false]);
	expect(mayKeepExtraBeds(actor('head-nurse'), { ...ward(two), ward: null })).toBe(false);
});
