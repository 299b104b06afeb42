import { boardStateOf, type Board, type BoardIncoming, type BoardOutgoing } from '@tongping/domain/inpatient';
import { expect, test } from 'vitest';
import { changesBetween } from './changes.ts';
import { lift, verdictFor, type Elsewhere } from './move.ts';
import { bed, boardWith, NOW, person } from './story.fixtures.ts';

const ann = person({ name: '沈若溪' });
const coming: BoardIncoming = {
	transfer: 't1' as never,
	occupant: person({ name: '苏晓棠' }),
	from: '急诊留观',
	fromBed: '03',
	reason: '转专科',
	at: NOW,
	by: '方惠'
};
const asked: BoardOutgoing = { transfer: 't2' as never, stay: ann.stay, to: '急诊留观', reason: '胸痛', at: NOW, by: '何静', declined: null };
const empty = boardWith([bed('01', ann), bed('02', null)]);
const kinds = (before: Board, after: Board): string[] =>
	changesBetween(before, after).map((change) => `${change.kind} ${change.name ?? ''} ${change.ward ?? ''}`);

test('says who is coming, who is not coming any more, who was sent back and who was received: each once', () => {
	expect(kinds(empty, { ...empty, incoming: [coming] })).toEqual(['asked 苏晓棠 急诊留观']);
	expect(kinds({ ...empty, incoming: [coming] }, empty)).toEqual(['withdrawn 苏晓棠 急诊留观']);
	const open = { ...empty, outgoing: [asked] };
	expect(kinds(open, { ...empty, outgoing: [{ ...asked, declined: { at: NOW, by: '高斌', reason: '床已满' } }] })).toEqual(['declined 沈若溪 急诊留观']);
	expect(kinds(open, boardWith([bed('01', null), bed('02', null)]))).toEqual(['received 沈若溪 急诊留观']);
	expect(kinds(open, empty)).toEqual([]);
	// Received here: a card that comes, not a transfer that vanished.
	expect(kinds({ ...empty, incoming: [coming] }, boardWith([bed('01', ann), bed('02', coming.occupant)]))).toEqual(['came 苏晓棠 ']);
});

test('another ward is a target by the same reasons as on the server', () => {
	const to = (sexRule: Elsewhere['sexRule']): Elsewhere => ({ id: 'w2' as never, name: '别的病区', sexRule });
	const say = (board: Board, ward: Elsewhere, stay = ann.stay): string => {
		const lifted = lift(board, stay);
		if (lifted === null) throw new Error('nobody');
		const verdict = verdictFor(boardStateOf(board), lifted, { kind: 'ward', ward });
		return verdict.kind === 'allowed' ? 'allowed' : verdict.refusal.code;
	};
	expect(say(empty, to('mixed'))).toBe('allowed');
	expect(say(empty, to('male'))).toBe('ward-sex');
	expect(say({ ...empty, outgoing: [asked] }, to('mixed'))).toBe('transfer-open');
	expect(say({ ...empty, outgoing: [{ ...asked, declined: { at: NOW, by: '高斌', reason: '床已满' } }] }, to('mixed'))).toBe('allowed');
	expect(say(boardWith([bed('01', { ...ann, dischargeNotice: { at: NOW, by: '李晨' } })]), to('mixed'))).toBe('discharge-noticed');
	expect(say({ ...empty, incoming: [coming] }, to('mixed'), coming.occupant.stay)).toBe('not-in-this-ward');
});

test('somebody who comes may take a free bed or wait, and no bed that is taken', () => {
	const board = { ...empty, incoming: [coming] };
	const lifted = lift(board, coming.occupant.stay);
	if (lifted === null) throw new Error('nobody');
	const state = boardStateOf(board);
	const [taken, free] = board.beds;
	if (taken === undefined || free === undefined) throw new Error('no beds');
	expect(verdictFor(state, lifted, { kind: 'bed', bed: free }).kind).toBe('allowed');
	expect(verdictFor(state, lifted, { kind: 'bed', bed: taken }).kind).toBe('refused');
	expect(verdictFor(state, lifted, { kind: 'waiting' }).kind).toBe('allowed');
});
