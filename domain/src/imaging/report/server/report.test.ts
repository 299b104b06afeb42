import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { newId, type Actor } from '../../../kernel/index.ts';
import { db, type TestHospital } from '../../../kernel/server/index.ts';
import { served as organization } from '../../../organization/organization/server/index.ts';
import { served as ward } from '../../../organization/ward/server/index.ts';
import { served as patients } from '../../../patient/registry/server/index.ts';
import { demoPatient } from '../../../patient/index.ts';
import { codeOf, imagingHouse, layStudies, person, resident, reviewer, row, writer } from '../../study/server/testing.fixtures.ts';
import { openStudy } from '../../study/server/views.ts';
import { hashOf, readReport } from '../content.ts';
import { reportLive } from './index.ts';

let house: TestHospital;
beforeAll(async () => {
	house = await imagingHouse([organization, ward, patients]);
	await layStudies();
});
afterAll(async () => {
	await house.close();
});

describe('from a measurement to a reviewed report', () => {
	const draft = new Y.Doc();
	const measurement = newId();
	const room = (name: string): string => `report/${name}`;
	const append = async (report: string, generation: number): Promise<boolean> => {
		const [result] = await house.hospital.writer.append([
			{ doc: room(report), generation, update: Y.encodeStateAsUpdate(draft), user: writer.user, session: writer.session }
		]);
		return result?.ok ?? false;
	};
	const paragraph = (root: string, text: string, quote?: string): void => {
		const element = new Y.XmlElement('paragraph');
		element.insert(0, [new Y.XmlText(text)]);
		if (quote !== undefined) {
			const node = new Y.XmlElement('measurement');
			node.setAttribute('measurement', quote);
			element.insert(1, [node]);
		}
		draft.getXmlFragment(root).insert(draft.getXmlFragment(root).length, [element]);
	};
	const generation = async (report: string): Promise<number> => (await reportLive.admit(db(), writer, report))?.generation ?? -1;

	it('the server measures, and refuses what it cannot', async () => {
		const { study: id } = await row('2.25.900');
		const accept = (more: object) =>
			house.execute(
				'imaging.reading.accept-measurement',
				{
					measurement,
					study: id,
					patient: person.id,
					image: { sopUid: '2.25.9020', frame: 1 },
					space: 'image',
					points: [
						[0, 0, 0],
						[8, 4, 0]
					],
					label: '血肿长径',
					...more
				},
				writer
			);
		expect(codeOf(await accept({ image: { sopUid: '2.25.802', frame: 1 } }))).toBe('foreign-image');
		expect(codeOf(await accept({ image: { sopUid: '2.25.9020', frame: 2 } }))).toBe('foreign-image');
		expect(
			codeOf(
				await accept({
					points: [
						[0, 0, 0],
						[99, 4, 0]
					]
				})
			)
		).toBe('foreign-image');
		expect(codeOf(await accept({ patient: demoPatient('male/02').id }))).toBe('patient-mismatch');
		expect(
			codeOf(
				await house.execute(
					'imaging.reading.accept-measurement',
					{
						measurement,
						study: id,
						patient: person.id,
						image: { sopUid: '2.25.9020', frame: 1 },
						space: 'image',
						points: [
							[0, 0, 0],
							[8, 4, 0]
						],
						label: ''
					},
					resident
				)
			)
		).toBe('forbidden');
		const outcome = await accept({});
		// 8 columns of 0.25 mm and 4 rows of 0.5 mm.
		expect(outcome).toMatchObject({ kind: 'done', events: [{ measurement: { value: 2.8, unit: 'mm', calibration: 'pixel-spacing' } }] });
		expect(await accept({})).toMatchObject({ kind: 'done', events: [] });
		expect((await openStudy(writer, id)).measurements).toHaveLength(1);
	});

	it('written by one, reviewed by another, sealed', async () => {
		const { study: id, report: name } = await row('2.25.900');
		paragraph('findings', '左侧颞叶血肿，长径 ', measurement);
		paragraph('impression', '左侧颞叶脑出血');
		expect(await append(name, await generation(name))).toBe(true);
		const measurements = (await openStudy(writer, id)).measurements;
		const hash = hashOf(readReport(draft, measurements).content);
		const submit = (actor: Actor, with_: string) =>
			house.execute('imaging.report.submit', { study: id, patient: person.id, report: name, hash: with_ }, { ...actor, steppedUpAt: Date.now() });
		const review = (actor: Actor, with_: string) =>
			house.execute('imaging.report.review', { study: id, patient: person.id, report: name, hash: with_ }, { ...actor, steppedUpAt: Date.now() });
		expect(codeOf(await submit(resident, hash))).toBe('forbidden');
		expect(codeOf(await house.execute('imaging.report.submit', { study: id, patient: person.id, report: name, hash }, { ...writer, steppedUpAt: 0 }))).toBe(
			'step-up-needed'
		);
		expect(codeOf(await submit(writer, '0'.repeat(64)))).toBe('text-changed');
		expect(codeOf(await review(reviewer, hash))).toBe('report-not-submitted');
		const before = await generation(name);
		expect(codeOf(await submit(writer, hash))).toBe('done');
		expect((await reportLive.admit(db(), writer, name))?.writes).toEqual([]);
		expect((await reportLive.admit(db(), reviewer, name))?.writes).toEqual(['findings', 'impression']);
		expect(await append(name, before)).toBe(false);
		expect((await openStudy(resident, id)).reportView.status).toMatchObject({ kind: 'preliminary', version: 1 });
		expect(codeOf(await review(writer, hash))).toBe('forbidden');
		expect(codeOf(await review({ ...reviewer, user: writer.user }, hash))).toBe('same-person');
		expect(codeOf(await house.execute('imaging.reading.withdraw-measurement', { measurement, study: id, patient: person.id, reason: '误测' }, writer))).toBe(
			'measurement-signed'
		);
		expect(codeOf(await review(reviewer, hash))).toBe('done');
		const view = await openStudy(resident, id);
		expect(view.reportView.versions.map((each) => [each.version, each.kind, each.byName])).toEqual([
			[1, 'preliminary', '姚行之'],
			[2, 'reviewed', '秦越']
		]);
		expect(view.reportView.versions[1]?.content?.measurements[0]).toMatchObject({ value: 2.8, unit: 'mm' });
		expect(view.reportView.versions[1]?.previous).toBe(hash);
		expect(await append(name, await generation(name))).toBe(false);
		expect(await reportLive.admit(db(), reviewer, name)).toMatchObject({ sealed: true, writes: [] });
		expect(codeOf(await review(reviewer, hash))).toBe('report-sealed');
		expect(codeOf(await house.execute('imaging.study.unmatch', { study: id, patient: person.id, reason: '认错人' }, writer))).toBe('report-signed');
		expect(codeOf(await house.execute('imaging.report.add-addendum', { study: id, patient: person.id, report: name, text: '补充:建议复查。' }, reviewer))).toBe(
			'done'
		);
		expect((await openStudy(writer, id)).reportView.versions).toHaveLength(3);
	});
});
