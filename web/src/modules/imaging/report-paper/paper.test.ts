import { describe, expect, it } from 'vitest';
import type { ReportVersion, StudyView } from '@tongping/domain/imaging';
import { reportPdf } from './paper.server.ts';

const version = (more: Partial<ReportVersion>): ReportVersion => ({
	version: 1,
	kind: 'preliminary',
	hash: 'a'.repeat(64),
	previous: null,
	by: 'u',
	byName: '姚行之',
	at: 1,
	content: {
		findings: [{ t: 'paragraph', c: [{ x: '血肿最大径 ' }, { t: 'measurement', a: { measurement: 'm' } }] }],
		impression: [{ t: 'paragraph', c: [{ x: '脑出血' }] }],
		measurements: [{ id: 'm', label: '最大径', value: 40, unit: 'mm', sopUid: '1.2.3', frame: 1 }]
	},
	text: null,
	...more
});
const view = (versions: readonly ReportVersion[]): StudyView =>
	({
		chart: { patient: 'p', mrn: 'ZY1', name: '孟大勇', birthDate: '1988-04-12', sex: 'male' },
		matching: { kind: 'matched', patient: 'p', how: 'identifiers', identity: 'agrees', by: '', at: 0 },
		modalities: ['CT'],
		description: '头颅 CT 平扫',
		studyDate: '2026-11-21',
		accession: 'CT1',
		reportView: { versions }
	}) as unknown as StudyView;

describe('the report on paper', () => {
	it('exists once something is signed', async () => {
		expect(await reportPdf(view([]), 'zh-CN', 1)).toBeNull();
	});
	it.each(['zh-CN', 'en'] as const)(
		'is a PDF with its own fonts: %s',
		async (locale) => {
			const signed = [
				version({}),
				version({ version: 2, kind: 'reviewed', byName: '秦越' }),
				version({ version: 3, kind: 'addendum', content: null, text: '建议复查' })
			];
			const bytes = Buffer.from((await reportPdf(view(signed), locale, 1)) ?? []);
			expect(bytes.toString('latin1', 0, 5)).toBe('%PDF-');
			expect(bytes.includes('FontFile')).toBe(true);
		},
		30_000
	);
});
