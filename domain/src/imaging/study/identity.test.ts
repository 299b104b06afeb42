import { describe, expect, it } from 'vitest';
import { compareIdentity, type ChartIdentity, type HeaderIdentity } from './identity.ts';

const header: HeaderIdentity = { patientId: 'P1', name: '王小东', birthDate: '1968-04-12', sex: 'male', doubtfulText: false };
const chart: ChartIdentity = { mrn: 'P1', name: '王小东', birthDate: '1968-04-12', sex: 'male' };

describe('the header beside the chart', () => {
	it.each([
		['everything agrees', {}, {}, 'agrees', []],
		['another number, same name', { patientId: 'P2' }, {}, 'differs', ['patient-id']],
		['another birth date', { birthDate: '1968-12-04' }, {}, 'differs', ['birth-date']],
		['another sex', { sex: 'female' }, {}, 'differs', ['sex']],
		['same number, another name', { name: '王小冬' }, {}, 'differs', ['name']],
		['a Latin name says nothing against a Chinese one', { name: 'WANG XIAODONG' }, {}, 'agrees', []],
		['a garbled name says nothing', { name: 'Íõ^Ð¡¶«', doubtfulText: true }, {}, 'agrees', []],
		['nothing but a name', { patientId: null, birthDate: null, sex: null }, {}, 'incomplete', []],
		['the chart does not know the birth date', {}, { birthDate: null }, 'incomplete', []],
		['the chart does not know the sex', {}, { sex: 'unknown' }, 'incomplete', []],
		['spaces and carets are no difference', { name: '王^小东' }, { name: '王 小东' }, 'agrees', []]
	] as const)('%s', (_, differentHeader, differentChart, verdict, differs) => {
		const result = compareIdentity({ ...header, ...differentHeader }, { ...chart, ...differentChart });
		expect([result.verdict, result.differs]).toEqual([verdict, differs]);
	});
});
