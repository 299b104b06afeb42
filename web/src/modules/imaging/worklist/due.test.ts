import type { WorklistRow } from '@tongping/domain/imaging';
import { expect, test } from 'vitest';
import { clockOf, dueOf, inOrder, priorityOf } from './due.ts';

const MINUTE = 60_000;
const row = (over: Partial<WorklistRow>): WorklistRow =>
	({ description: null, accession: null, modalities: ['CT'], receivedAt: 0, reportStatus: 'draft', ...over }) as WorklistRow;

test('urgency is what the order says', () => {
	expect(priorityOf(row({ description: '急诊 CT 头颅' }))).toBe('emergency');
	expect(priorityOf(row({ description: 'HEAD STAT' }))).toBe('emergency');
	expect(priorityOf(row({ description: 'STATIC SPINE' }))).toBe('routine');
});
test.each([
	['routine section', row({}), 0, { minutes: 360, tone: 'far' }],
	['emergency film', row({ modalities: ['DX'], description: '急' }), 10 * MINUTE, { minutes: 20, tone: 'soon' }],
	['late', row({ modalities: ['DX'] }), 132 * MINUTE, { minutes: -12, tone: 'over' }],
	['written', row({ reportStatus: 'preliminary' }), 0, null]
])('%s', (_, study, now, due) => {
	expect(dueOf(study, now)).toEqual(due);
});
test('what waits comes before what is done, the most urgent first', () => {
	const order = inOrder(
		[
			row({ accession: 'done', reportStatus: 'reviewed' }),
			row({ accession: 'later' }),
			row({ accession: 'first', modalities: ['DX'] }),
			row({ accession: 'check', reportStatus: 'preliminary' })
		],
		0
	);
	expect(order.map(({ accession }) => accession)).toEqual(['first', 'later', 'check', 'done']);
});
test('times as machines write them', () => {
	expect([clockOf('084500.123'), clockOf('08:45:00'), clockOf(null), clockOf('noon')]).toEqual(['08:45', '08:45', '', '']);
});
