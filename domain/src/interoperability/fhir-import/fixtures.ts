/** Invented people as FHIR R4 transaction bundles, so that a clean clone proves the import without anybody's data. */
const LOINC = 'http://loinc.org';
const SNOMED = 'http://snomed.info/sct';
const SENDER = 'https://records.example/patients';

type Json = Readonly<Record<string, unknown>>;
const concept = (system: string, code: string, display: string): Json => ({ coding: [{ system, code, display }], text: display });
const coded = (system: string, code: string): Json => ({ coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code }] });
const quantity = (value: number, code: string): Json => ({ value, unit: code, system: 'http://unitsofmeasure.org', code });

const bundleOf = (resources: readonly Json[]): Json => ({
	resourceType: 'Bundle',
	type: 'transaction',
	entry: resources.map((resource) => ({ fullUrl: `urn:uuid:${String(resource['id'])}`, resource, request: { method: 'POST', url: resource['resourceType'] } }))
});

interface Person {
	readonly key: string;
	readonly name: string;
	readonly gender: 'male' | 'female';
	readonly birthDate: string;
}

function visits(person: Person, years: readonly number[]): Json[] {
	const subject = { reference: `urn:uuid:${person.key}` };
	const category = [coded('observation-category', 'vital-signs')];
	const laboratory = [coded('observation-category', 'laboratory')];
	return years.flatMap((year, index): Json[] => {
		const at = `${year}-04-1${index % 9}T09:30:00+08:00`;
		const common = { subject, status: 'final', effectiveDateTime: at, encounter: { reference: `urn:uuid:${person.key}-visit-${year}` } };
		const observation = (name: string, kind: Json[], code: Json, value: Json): Json => ({
			resourceType: 'Observation',
			id: `${person.key}-${name}-${year}`,
			category: kind,
			code,
			...common,
			...value
		});
		return [
			{
				resourceType: 'Encounter',
				id: `${person.key}-visit-${year}`,
				status: 'finished',
				class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: index % 3 === 2 ? 'IMP' : 'AMB' },
				type: [concept(SNOMED, '185349003', '年度体检')],
				subject,
				period: { start: at, end: `${year}-04-1${index % 9}T10:10:00+08:00` },
				serviceProvider: { reference: `urn:uuid:${person.key}-house`, display: '青石镇卫生院' }
			},
			observation('weight', category, concept(LOINC, '29463-7', '体重'), { valueQuantity: quantity(61.5 + index * 1.7, 'kg') }),
			observation('pressure', category, concept(LOINC, '85354-9', '血压'), {
				component: [
					{ code: concept(LOINC, '8480-6', '收缩压'), valueQuantity: quantity(128 + index * 4, 'mm[Hg]') },
					{ code: concept(LOINC, '8462-4', '舒张压'), valueQuantity: quantity(78 + index * 2, 'mm[Hg]') }
				]
			}),
			observation('glucose', laboratory, concept(LOINC, '1558-6', '空腹血糖'), {
				valueQuantity: quantity(5.1 + index * 0.42, 'mmol/L'),
				referenceRange: [{ low: quantity(3.9, 'mmol/L'), high: quantity(6.1, 'mmol/L') }]
			}),
			observation('smoking', [coded('observation-category', 'survey')], concept(LOINC, '72166-2', '吸烟情况'), {
				valueCodeableConcept: concept(SNOMED, '266919005', '从不吸烟')
			})
		];
	});
}

const patient = ({ key, name, gender, birthDate }: Person): Json => ({
	resourceType: 'Patient',
	id: key,
	name: [{ use: 'official', text: name }],
	gender,
	birthDate,
	identifier: [{ system: SENDER, value: key, type: coded('v2-0203', 'MR') }]
});
const house = (person: Person): Json => ({ resourceType: 'Organization', id: `${person.key}-house`, name: '青石镇卫生院' });

const elder: Person = { key: 'ext-1001', name: '安和平', gender: 'male', birthDate: '1961-03-09' };
const younger: Person = { key: 'ext-1002', name: '白晓岚', gender: 'female', birthDate: '1987-11-30' };
const years = [2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025];

/** An older man with hypertension and rising sugar, one listed allergy; a younger woman of whom no allergy is known. */
export const fhirBundles: Readonly<Record<'elder' | 'younger', Json>> = {
	elder: bundleOf([
		patient(elder),
		house(elder),
		...visits(elder, years),
		{
			resourceType: 'Condition',
			id: 'ext-1001-hypertension',
			clinicalStatus: coded('condition-clinical', 'active'),
			verificationStatus: coded('condition-ver-status', 'confirmed'),
			code: concept('http://hl7.org/fhir/sid/icd-10', 'I10', '特发性(原发性)高血压'),
			subject: { reference: 'urn:uuid:ext-1001' },
			onsetDateTime: '2019-04-11',
			recordedDate: '2019-04-11T09:30:00+08:00'
		},
		{
			resourceType: 'Condition',
			id: 'ext-1001-pneumonia',
			clinicalStatus: coded('condition-clinical', 'resolved'),
			code: concept('http://hl7.org/fhir/sid/icd-10', 'J18.9', '肺炎'),
			subject: { reference: 'urn:uuid:ext-1001' },
			onsetDateTime: '2020-12-20',
			abatementDateTime: '2021-01-08'
		},
		{
			resourceType: 'AllergyIntolerance',
			id: 'ext-1001-penicillin',
			clinicalStatus: coded('allergyintolerance-clinical', 'active'),
			code: concept(SNOMED, '764146007', '青霉素'),
			patient: { reference: 'urn:uuid:ext-1001' },
			recordedDate: '2018-04-10',
			reaction: [{ manifestation: [concept(SNOMED, '271807003', '皮疹')], severity: 'moderate' }]
		},
		{
			resourceType: 'MedicationRequest',
			id: 'ext-1001-amlodipine',
			status: 'active',
			intent: 'order',
			medicationCodeableConcept: concept('http://www.nlm.nih.gov/research/umls/rxnorm', '197361', '氨氯地平片 5 mg'),
			subject: { reference: 'urn:uuid:ext-1001' },
			authoredOn: '2019-04-11',
			dosageInstruction: [
				{ timing: { repeat: { frequency: 1, period: 1, periodUnit: 'd' } }, route: { text: '口服' }, doseAndRate: [{ doseQuantity: { value: 5, unit: 'mg' } }] }
			]
		},
		{
			resourceType: 'MedicationRequest',
			id: 'ext-1001-levofloxacin',
			status: 'stopped',
			intent: 'order',
			medicationCodeableConcept: concept('http://www.nlm.nih.gov/research/umls/rxnorm', '308056', '左氧氟沙星片 0.5 g'),
			subject: { reference: 'urn:uuid:ext-1001' },
			authoredOn: '2020-12-20',
			dosageInstruction: [{ asNeededBoolean: true }]
		},
		{ resourceType: 'Immunization', id: 'ext-1001-flu', status: 'completed', patient: { reference: 'urn:uuid:ext-1001' } }
	]),
	younger: bundleOf([
		patient(younger),
		house(younger),
		...visits(younger, years.slice(4)),
		{
			resourceType: 'AllergyIntolerance',
			id: 'ext-1002-none',
			clinicalStatus: coded('allergyintolerance-clinical', 'active'),
			code: concept(SNOMED, '716186003', '无已知过敏'),
			patient: { reference: 'urn:uuid:ext-1002' },
			recordedDate: '2022-04-10'
		}
	])
};
