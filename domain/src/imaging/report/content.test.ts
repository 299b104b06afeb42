import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { newId } from '../../kernel/index.ts';
import type { AcceptedMeasurement, MeasurementId } from '../reading/reading.ts';
import { canonical, hashOf, plainText, readReport } from './content.ts';

const measurement: AcceptedMeasurement = {
	measurement: newId() as unknown as MeasurementId,
	kind: 'length',
	sopUid: '1.2',
	frame: 1,
	points: [],
	value: 40,
	unit: 'mm',
	label: '长径',
	calibration: 'pixel-spacing',
	by: 'u',
	byName: '姚行之',
	at: 1,
	withdrawn: false
};
function written(quote: string | null): Y.Doc {
	const doc = new Y.Doc();
	for (const root of ['findings', 'impression']) {
		const paragraph = new Y.XmlElement('paragraph');
		paragraph.insert(0, [new Y.XmlText('左侧血肿，长径 ')]);
		if (quote !== null && root === 'findings') {
			const node = new Y.XmlElement('measurement');
			node.setAttribute('measurement', quote);
			paragraph.insert(1, [node]);
		}
		doc.getXmlFragment(root).insert(0, [paragraph]);
	}
	return doc;
}

describe('what a signature covers', () => {
	it('holds the value of a quoted measurement, not only its id', () => {
		const { content, missing, empty } = readReport(written(measurement.measurement), [measurement]);
		expect([missing, empty]).toEqual([[], false]);
		expect(content.measurements).toEqual([{ id: measurement.measurement, label: '长径', value: 40, unit: 'mm', sopUid: '1.2', frame: 1 }]);
		expect(plainText(content.findings, content.measurements)).toBe('左侧血肿，长径 40.0 mm');
		const other = readReport(written(measurement.measurement), [{ ...measurement, value: 41 }]);
		expect(hashOf(other.content)).not.toBe(hashOf(content));
	});
	it('a withdrawn or invented measurement is missing', () => {
		expect(readReport(written(measurement.measurement), [{ ...measurement, withdrawn: true }]).missing).toEqual([measurement.measurement]);
		expect(readReport(written('invented'), [measurement]).missing).toEqual(['invented']);
	});
	it('blanks are no report', () => {
		expect(readReport(new Y.Doc(), []).empty).toBe(true);
	});
	it('is the same text whatever way the document came together', () => {
		const doc = written(measurement.measurement);
		const copy = new Y.Doc();
		Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
		expect(hashOf(readReport(copy, [measurement]).content)).toBe(hashOf(readReport(doc, [measurement]).content));
	});
	it('canonical text does not depend on the order of keys', () => {
		fc.assert(
			fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
				const turned = Object.fromEntries(Object.entries(value).reverse());
				expect(canonical(turned)).toBe(canonical(value));
				expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
			})
		);
	});
});
