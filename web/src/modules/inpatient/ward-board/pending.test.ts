import { boardStateOf, overlay, type Board } from '@tongping/domain/inpatient';
import type { Facts } from '@tongping/domain/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lift, moveFor, swapMove, transferMove, waitingMove, type Move } from './move.ts';
import { withPending, type Pending } from './pending.ts';
import { bed, boardWith, NOW, person } from './story.fixtures.ts';

const facts: Facts = {
	now: NOW,
	actor: { user: 'u' as never, name: '王思齐', role: 'nurse', organization: 'o' as never, wards: '*', session: '', steppedUpAt: 0 },
	newId: () => 'id'
};
const he = person({ name: '贺文静' });
const zhou = person({ name: '周若岚' });
const board = boardWith([bed('04', he), bed('12', null), bed('13', null), bed('14', zhou)]);
const sent = (move: Move, commandId = 'c1'): Pending => ({ commandId, facts, ...move.pending });
const names = (shown: Board): Record<string, string> => Object.fromEntries(shown.beds.map((one) => [one.number, one.occupant?.name ?? '']));
const held = (where: Board, who: typeof he) => {
	const found = lift(where, who.stay);
	if (found === null) throw new Error('nobody of that name');
	return found;
};
const at = (where: Board, number: string) => {
	const found = where.beds.find((one) => one.number === number);
	if (found === undefined) throw new Error('no such bed');
	return found;
};

test('a move on its way takes the patient from the old bed in the same breath', () => {
	const shown = withPending(board, [sent(transferMove(held(board, he), at(board, '12'), null))]);
	expect(names(shown.board)).toEqual({ '04': '', '12': '贺文静', '13': '', '14': '周若岚' });
	expect([...shown.pendingBeds].toSorted()).toEqual(['bed-04', 'bed-12']);
});

test('when somebody else is in the bed before the answer, the expected card is not drawn there', () => {
	const move = sent(transferMove(held(board, he), at(board, '12'), null));
	const theirs = overlay(board, transferEvents(board, zhou, '12'), 'other');
	expect(names(withPending(theirs, [move]).board)).toEqual({ '04': '贺文静', '12': '周若岚', '13': '', '14': '' });
});

test('once the projection carries the command, nothing is laid over it', () => {
	const move = sent(transferMove(held(board, he), at(board, '12'), null));
	const settled = overlay(board, transferEvents(board, he, '12'), 'c1');
	const shown = withPending(settled, [move]);
	expect(shown.pendingBeds.size).toBe(0);
	expect(shown.board).toBe(settled);
});

test('what is undone is the place before', () => {
	const move = transferMove(held(board, he), at(board, '12'), null);
	const moved = overlay(board, transferEvents(board, he, '12'), 'c1');
	const undo = move.undo;
	if (undo === null) throw new Error('a transfer can be undone');
	expect(names(withPending(moved, [sent(undo, 'c2')]).board)['04']).toBe('贺文静');
});

test('whatever is on its way and whatever others do: never two names in a bed, never one patient in two', () => {
	const people = ['甲', '乙', '丙', '丁'].map((name) => person({ name }));
	const start = boardWith([...people.map((one, index) => bed(`0${String(index + 1)}`, one)), bed('05', null), bed('06', null)]);
	const step = fc.record({ who: fc.integer({ min: 0, max: 3 }), to: fc.integer({ min: 0, max: 6 }), remote: fc.boolean() });
	fc.assert(
		fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
			let truth = start;
			const pending: Pending[] = [];
			for (const [index, { who, to, remote }] of steps.entries()) {
				const base = remote ? truth : withPending(truth, pending).board;
				const one = people[who];
				const lifted = one === undefined ? null : lift(base, one.stay);
				if (lifted === null) continue;
				const target = base.beds[to];
				if (target !== undefined && target.bed === lifted.from?.bed) continue;
				const move = target === undefined ? (lifted.from === null ? null : waitingMove(lifted, '')) : moveFor(lifted, { kind: 'bed', bed: target }, null);
				if (move === null || (lifted.from === null && target?.occupant)) continue;
				if (!remote) pending.push(sent(move, `c${String(index)}`));
				else {
					const decided = move.pending.decide(boardStateOf(truth), facts);
					if (decided.ok) truth = overlay(truth, decided.value, `r${String(index)}`);
				}
				const { board: shown } = withPending(truth, pending);
				const stays = [
					...shown.beds.flatMap((each) => (each.occupant === null ? [] : [each.occupant.stay])),
					...shown.waiting.map((each) => each.occupant.stay)
				];
				expect(new Set(stays).size).toBe(stays.length);
				expect(stays).toHaveLength(4);
			}
		})
	);
});

test('a swap changes both at once', () => {
	const shown = withPending(board, [sent(swapMove(held(board, he), at(board, '14'), null))]);
	expect(names(shown.board)).toEqual({ '04': '周若岚', '12': '', '13': '', '14': '贺文静' });
});

function transferEvents(where: Board, who: typeof he, to: string) {
	const decided = transferMove(held(where, who), at(where, to), null).pending.decide(boardStateOf(where), facts);
	if (!decided.ok) throw new Error(decided.refusal.code);
	return decided.value;
}
