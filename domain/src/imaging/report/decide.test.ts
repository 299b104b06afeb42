import { describe, expect, it } from 'vitest';
import { newId, type Actor, type PatientId } from '../../kernel/index.ts';
import { decideAddendum, decideReturn, decideReview, decideSubmit } from './decide.ts';
import type { ReportState, ReportStatus } from './report.ts';

const patient = newId<'patient'>() as PatientId;
const author = newId<'user'>();
const other = newId<'user'>();
const hash = 'a'.repeat(64);
const state = (more: Partial<ReportState> = {}): ReportState => ({
	study: newId<'imaging-study'>(),
	reading: newId<'imaging-reading'>(),
	report: newId<'imaging-report'>(),
	patient,
	identity: 'agrees',
	status: { kind: 'draft', returned: null },
	content: { findings: [], impression: [], measurements: [] },
	hash,
	missing: [],
	empty: false,
	lastVersion: 0,
	lastHash: null,
	...more
});
const preliminary: ReportStatus = { kind: 'preliminary', author, version: 1, at: 1 };
const reviewed: ReportStatus = { kind: 'reviewed', author, reviewer: other, version: 2, at: 2 };
const facts = (user: string) => ({ now: 5, actor: { user, name: '秦越', role: 'reviewing-radiologist' } as Actor, newId });
const input = (given: ReportState, more: object = {}) => ({ study: given.study, patient, report: given.report, hash, reason: '请补充', text: '补充', ...more });
const codeOf = (decided: ReturnType<typeof decideSubmit>): string => (decided.ok ? (decided.value[0]?.type ?? 'nothing') : decided.refusal.code);

describe('the first signature', () => {
	it.each([
		['makes it preliminary', {}, {}, 'imaging.report.submitted'],
		['of a study nobody has matched', { patient: null, identity: null }, {}, 'study-unmatched'],
		['on the wrong person’s picture', { identity: 'differs' }, {}, 'identity-mismatch'],
		['where a person has vouched', { identity: 'confirmed' }, {}, 'imaging.report.submitted'],
		['where something is absent', { identity: 'incomplete' }, {}, 'imaging.report.submitted'],
		['under nothing', { empty: true }, {}, 'report-empty'],
		['with a withdrawn measurement', { missing: ['x'] }, {}, 'measurement-missing'],
		['of other words than on the screen', {}, { hash: 'b'.repeat(64) }, 'text-changed'],
		['twice', { status: preliminary }, {}, 'report-submitted-already'],
		['after the seal', { status: reviewed }, {}, 'report-submitted-already']
	] as const)('%s', (_, given, sent, expected) => {
		const before = state(given);
		expect(codeOf(decideSubmit(before, input(before, sent)))).toBe(expected);
	});
});

describe('the second signature', () => {
	it.each([
		['by another person', other, { status: preliminary, lastVersion: 1, lastHash: 'c' }, {}, 'imaging.report.reviewed'],
		['by the author', author, { status: preliminary }, {}, 'same-person'],
		['before the first', other, {}, {}, 'report-not-submitted'],
		['after the seal', other, { status: reviewed }, {}, 'report-sealed'],
		['of other words', other, { status: preliminary }, { hash: 'b'.repeat(64) }, 'text-changed'],
		['when the person came into doubt meanwhile', other, { status: preliminary, identity: 'differs' }, {}, 'identity-mismatch']
	] as const)('%s', (_, user, given, sent, expected) => {
		const before = state(given);
		expect(codeOf(decideReview(before, input(before, sent), facts(user)))).toBe(expected);
	});

	it('says whether the reviewer changed the words', () => {
		const same = state({ status: preliminary, lastVersion: 1, lastHash: hash });
		const changed = state({ status: preliminary, lastVersion: 1, lastHash: 'c' });
		const result = (given: ReportState) => decideReview(given, input(given), facts(other));
		expect(result(same)).toMatchObject({ value: [{ changed: false, version: 2 }] });
		expect(result(changed)).toMatchObject({ value: [{ changed: true, previous: 'c' }] });
	});
});

describe('afterwards', () => {
	it('a preliminary report goes back, a sealed one does not', () => {
		expect(codeOf(decideReturn(state({ status: preliminary }), input(state())))).toBe('imaging.report.returned');
		expect(codeOf(decideReturn(state({ status: reviewed }), input(state())))).toBe('report-sealed');
	});
	it('later words are an addendum that names what it follows', () => {
		expect(decideAddendum(state({ status: reviewed, lastVersion: 2, lastHash: hash }), input(state()))).toMatchObject({
			value: [{ version: 3, previous: hash }]
		});
		expect(codeOf(decideAddendum(state({ status: preliminary }), input(state())))).toBe('report-not-sealed');
	});
});
