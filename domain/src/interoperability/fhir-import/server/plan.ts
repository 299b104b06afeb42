import { createHash } from 'node:crypto';
import { ok, type Result } from '../../../kernel/index.ts';
import type { ImportedAllergy, ImportedCondition, ImportedEncounter, ImportedMedication, ImportedObservation } from '../../../clinical-record/server.ts';
import type { ImportedPatient } from '../../../patient/server.ts';
import type { FhirRefusal } from '../fhir-import.ts';
import { instantOf, type Bundle, type Concept, type Entry, type Resource, type ResourceType, type Valued } from './bundle.ts';

/** Rows for the owners, before the patients have their ids here: `patient` is the source of the patient in the same plan. */
type Pending<T extends { readonly patient: unknown }> = Omit<T, 'patient'> & { readonly patient: string };
export interface Plan {
	readonly patients: readonly ImportedPatient[];
	readonly encounters: readonly Pending<ImportedEncounter>[];
	readonly conditions: readonly Pending<ImportedCondition>[];
	readonly allergies: readonly Pending<ImportedAllergy>[];
	readonly noneKnown: readonly { readonly patient: string; readonly at: number }[];
	readonly observations: readonly Pending<ImportedObservation>[];
	readonly medications: readonly Pending<ImportedMedication>[];
	readonly ignored: Readonly<Record<string, number>>;
}

/** A rule across resources that does not hold; turned into a refusal of the whole bundle at one place. */
class Broken extends Error {
	readonly refusal: FhirRefusal;
	constructor(refusal: FhirRefusal) {
		super(refusal.code);
		this.refusal = refusal;
	}
}
const broken = (place: string, problem: string): Broken => new Broken({ code: 'fhir-broken', facts: { place, problem } });

const SYSTEMS: Readonly<Record<string, string>> = {
	'http://loinc.org': 'LOINC',
	'http://snomed.info/sct': 'SNOMED CT',
	'http://hl7.org/fhir/sid/icd-10': 'ICD-10',
	'http://hl7.org/fhir/sid/icd-10-cm': 'ICD-10-CM',
	'http://www.nlm.nih.gov/research/umls/rxnorm': 'RxNorm'
};
/** Latin short forms every prescriber reads, for so many times a day. */
const DAILY: readonly string[] = ['', 'qd', 'bid', 'tid', 'qid'];
/** "No known allergy" and its drug and food forms: a statement, not a substance. (SNOMED CT) */
const NO_KNOWN_ALLERGY = new Set(['716186003', '409137002', '429625007']);
const CATEGORIES: Readonly<Record<string, ImportedObservation['category']>> = {
	'vital-signs': 'vital-signs',
	'vital-sign': 'vital-signs',
	exam: 'vital-signs',
	laboratory: 'laboratory'
};

const display = (concept: Concept | undefined): string =>
	(concept?.text ?? concept?.coding?.find((coding) => coding.display !== undefined)?.display ?? concept?.coding?.[0]?.code ?? '').trim();
const first = (concept: Concept): { readonly code: string; readonly system: string } | null => {
	const coding = concept.coding?.find((each) => each.code !== undefined);
	return coding?.code === undefined ? null : { code: coding.code.slice(0, 40), system: SYSTEMS[coding.system ?? ''] ?? coding.system?.slice(0, 80) ?? '' };
};
const instant = (...texts: readonly (string | undefined)[]): number | null => {
	const text = texts.find((each) => each !== undefined);
	return text === undefined ? null : instantOf(text);
};
const codeOf = (status: { readonly coding: readonly { readonly code: string }[] } | undefined): string | undefined => status?.coding[0]?.code;
const voided = (status: string | undefined): boolean => status === 'entered-in-error' || status === 'refuted' || status === 'cancelled' || status === 'draft';

class Planner {
	readonly #bundle: Bundle;
	readonly #sender: string;
	constructor(bundle: Bundle) {
		this.#bundle = bundle;
		const identifiers = bundle.entries.Patient.flatMap((entry) => entry.resource.identifier ?? []);
		const system = identifiers.map((identifier) => identifier.system ?? '').find((each) => each.startsWith('http')) ?? '';
		this.#sender = system.includes('synthea') ? 'synthea' : (URL.parse(system)?.hostname ?? 'fhir');
	}

	#source = (type: ResourceType, id: string): string => `${this.#sender}/${type}/${id}`;

	#target<T extends ResourceType>(type: T, place: string, reference: string): Resource<T> {
		const name = this.#bundle.names.get(reference);
		const found = this.#bundle.entries[type].find((entry) => `${type}/${entry.resource.id}` === name);
		if (found === undefined) throw new Broken({ code: 'fhir-unknown-reference', facts: { place, reference: reference.slice(0, 80) } });
		return found.resource as Resource<T>;
	}

	#patient = (place: string, reference: string): string => this.#source('Patient', this.#target('Patient', place, reference).id);

	patient({ place, resource }: Entry<'Patient'>): ImportedPatient {
		const name = resource.name.find((each) => each.use === 'official') ?? resource.name[0];
		const western = [...(name?.given ?? []), name?.family ?? ''].join(' ').trim();
		// Synthea numbers its people (Abdul218 Koepp521) so that nobody takes them for real; here a banner says where they came from.
		const spoken = (name?.text ?? western).replace(this.#sender === 'synthea' ? /\d+/gu : /^$/u, '').trim();
		if (spoken === '') throw broken(`${place}.name`, 'missing');
		const record = (resource.identifier ?? []).find((identifier) => identifier.type?.coding?.some((coding) => coding.code === 'MR'))?.value ?? resource.id;
		const short = /^[0-9A-Za-z-]{1,16}$/u.test(record) ? record : createHash('sha256').update(record).digest('hex').slice(0, 10);
		return {
			source: this.#source('Patient', resource.id),
			mrn: `${this.#sender
				.replace(/[^a-z]/giu, '')
				.slice(0, 3)
				.toUpperCase()}-${short}`,
			name: spoken.slice(0, 60),
			sex: resource.gender === 'male' || resource.gender === 'female' ? resource.gender : 'unknown',
			birthDate: resource.birthDate ?? null
		};
	}

	encounter({ place, resource }: Entry<'Encounter'>): Pending<ImportedEncounter>[] {
		const patient = this.#patient(`${place}.subject`, resource.subject.reference);
		if (voided(resource.status) || resource.status === 'planned') return [];
		const startedAt = instant(resource.period?.start);
		if (startedAt === null) throw broken(`${place}.period.start`, 'missing');
		const endedAt = instant(resource.period?.end);
		if (endedAt !== null && endedAt < startedAt) throw broken(`${place}.period.end`, 'contradiction');
		const provider = resource.serviceProvider;
		const house =
			provider === undefined
				? undefined
				: this.#bundle.entries.Organization.find((entry) => `Organization/${entry.resource.id}` === this.#bundle.names.get(provider.reference))?.resource.name;
		return [
			{
				source: this.#source('Encounter', resource.id),
				patient,
				class: resource.class.code ?? 'UNK',
				display: display(resource.type?.[0]) || (resource.class.display ?? ''),
				startedAt,
				endedAt,
				place: house ?? provider?.display ?? null
			}
		];
	}

	condition({ place, resource }: Entry<'Condition'>): Pending<ImportedCondition>[] {
		const patient = this.#patient(`${place}.subject`, resource.subject.reference);
		if (voided(codeOf(resource.verificationStatus))) return [];
		const code = first(resource.code);
		const words = display(resource.code);
		if (words === '') throw broken(`${place}.code`, 'missing');
		const onsetAt = instant(resource.onsetDateTime);
		const resolvedAt = instant(resource.abatementDateTime);
		if (onsetAt !== null && resolvedAt !== null && resolvedAt < onsetAt) throw broken(`${place}.abatementDateTime`, 'contradiction');
		const clinical = codeOf(resource.clinicalStatus) ?? (resolvedAt === null ? 'active' : 'resolved');
		return [
			{
				source: this.#source('Condition', resource.id),
				patient,
				code: code?.code ?? '',
				system: code?.system ?? '',
				display: words.slice(0, 120),
				onset: resource.onsetDateTime?.match(/^\d{4}-\d\d-\d\d/u)?.[0] ?? null,
				status: clinical === 'active' || clinical === 'recurrence' || clinical === 'relapse' ? 'active' : 'resolved',
				resolvedAt,
				recordedAt: instant(resource.recordedDate, resource.onsetDateTime) ?? 0
			}
		];
	}

	/** null: the sender says that no allergy is known. */
	allergy({
		place,
		resource
	}: Entry<'AllergyIntolerance'>): { readonly patient: string; readonly at: number; readonly item: Pending<ImportedAllergy> | null } | undefined {
		const patient = this.#patient(`${place}.patient`, resource.patient.reference);
		const clinical = codeOf(resource.clinicalStatus);
		if (voided(codeOf(resource.verificationStatus)) || clinical === 'resolved' || clinical === 'inactive') return undefined;
		const at = instant(resource.recordedDate) ?? 0;
		if (resource.code.coding?.some((coding) => NO_KNOWN_ALLERGY.has(coding.code ?? ''))) return { patient, at, item: null };
		const substance = display(resource.code).slice(0, 60);
		if (substance === '') throw broken(`${place}.code`, 'missing');
		const reaction = resource.reaction?.[0];
		return {
			patient,
			at,
			item: {
				source: this.#source('AllergyIntolerance', resource.id),
				patient,
				substance,
				reaction: display(reaction?.manifestation?.[0]).slice(0, 120) || null,
				severity: reaction?.severity ?? null,
				recordedAt: at
			}
		};
	}

	observation({ place, resource }: Entry<'Observation'>): Pending<ImportedObservation>[] {
		const patient = this.#patient(`${place}.subject`, resource.subject.reference);
		if (voided(resource.status)) return [];
		const at = instant(resource.effectiveDateTime, resource.effectivePeriod?.start, resource.issued);
		if (at === null) throw broken(`${place}.effectiveDateTime`, 'missing');
		const category =
			(resource.category ?? [])
				.flatMap((each) => each.coding ?? [])
				.map((coding) => CATEGORIES[coding.code ?? ''])
				.find((each) => each !== undefined) ?? 'survey';
		const source = this.#source('Observation', resource.id);
		const row = (valued: Valued, from: string, spot: string): Pending<ImportedObservation>[] => {
			const measured = this.#value(valued, spot);
			if (measured === null) return [];
			const code = first(valued.code);
			if (code === null) throw broken(`${spot}.code`, 'missing');
			return [{ source: from, patient, category, code: code.code, system: code.system, display: display(valued.code).slice(0, 120), ...measured, at }];
		};
		const parts = (resource.component ?? []).flatMap((component, index) => row(component, `${source}#${index}`, `${place}.component[${index}]`));
		return [...row(resource, source, place), ...parts];
	}

	#value(valued: Valued, place: string): Pick<ImportedObservation, 'value' | 'text' | 'unit' | 'low' | 'high' | 'flag'> | null {
		const plain = { value: null, text: null, unit: null, low: null, high: null, flag: null };
		const { valueQuantity: quantity } = valued;
		if (quantity !== undefined) {
			if (quantity.value === undefined || !Number.isFinite(quantity.value)) throw broken(`${place}.valueQuantity.value`, 'not-a-number');
			const low = valued.referenceRange?.[0]?.low?.value ?? null;
			const high = valued.referenceRange?.[0]?.high?.value ?? null;
			const flag = low !== null && quantity.value < low ? 'L' : high !== null && quantity.value > high ? 'H' : null;
			// Senders compute with doubles (176.35499866729558 cm): six significant digits are more than any of them measured.
			return { ...plain, value: Number(quantity.value.toPrecision(6)), unit: quantity.code ?? quantity.unit ?? null, low, high, flag };
		}
		const words =
			valued.valueString ??
			(valued.valueCodeableConcept === undefined ? undefined : display(valued.valueCodeableConcept)) ??
			(valued.valueInteger ?? valued.valueBoolean)?.toString();
		return words === undefined || words === '' ? null : { ...plain, text: words.slice(0, 400) };
	}

	medication({ place, resource }: Entry<'MedicationRequest'>): Pending<ImportedMedication>[] {
		const patient = this.#patient(`${place}.subject`, resource.subject.reference);
		if (voided(resource.status)) return [];
		const code =
			resource.medicationCodeableConcept ??
			(resource.medicationReference === undefined
				? undefined
				: this.#target('Medication', `${place}.medicationReference`, resource.medicationReference.reference).code);
		const drug = display(code).slice(0, 80);
		if (drug === '') throw broken(`${place}.medicationCodeableConcept`, 'missing');
		const startedAt = instant(resource.authoredOn);
		if (startedAt === null) throw broken(`${place}.authoredOn`, 'missing');
		const dosage = resource.dosageInstruction?.[0];
		const quantity = dosage?.doseAndRate?.[0]?.doseQuantity;
		const repeat = dosage?.timing?.repeat;
		const daily = (repeat?.period ?? 1) === 1 && (repeat?.periodUnit ?? 'd') === 'd' ? DAILY[repeat?.frequency ?? 0] : undefined;
		const counted = repeat?.frequency === undefined ? display(dosage?.timing?.code) : `${repeat.frequency} / ${repeat.period ?? 1} ${repeat.periodUnit ?? 'd'}`;
		const rhythm = daily || counted;
		return [
			{
				source: this.#source('MedicationRequest', resource.id),
				patient,
				drug,
				code: code === undefined ? null : (first(code)?.code ?? null),
				dose: quantity?.value === undefined ? '' : `${quantity.value} ${quantity.unit ?? ''}`.trim().slice(0, 40),
				route: display(dosage?.route).slice(0, 40),
				frequency: (dosage?.asNeededBoolean === true ? `${rhythm} prn`.trim() : rhythm).slice(0, 40),
				status: resource.status === 'active' || resource.status === 'on-hold' ? 'active' : 'stopped',
				startedAt,
				endedAt: null
			}
		];
	}

	plan(): Plan {
		const { entries, ignored } = this.#bundle;
		const allergies: Pending<ImportedAllergy>[] = [];
		const noneKnown: { patient: string; at: number }[] = [];
		for (const entry of entries.AllergyIntolerance) {
			const stated = this.allergy(entry);
			if (stated === undefined) continue;
			const { patient, at, item } = stated;
			// "None known" beside a listed one: somebody must ask the sender which of the two is true.
			if (item === null ? allergies.some((other) => other.patient === patient) : noneKnown.some((other) => other.patient === patient))
				throw broken(`${entry.place}.code`, 'contradiction');
			if (item === null) noneKnown.push({ patient, at });
			else if (!allergies.some((other) => other.patient === patient && other.substance === item.substance)) allergies.push(item);
		}
		return {
			patients: entries.Patient.map((entry) => this.patient(entry)),
			encounters: entries.Encounter.flatMap((entry) => this.encounter(entry)),
			conditions: entries.Condition.flatMap((entry) => this.condition(entry)),
			allergies,
			noneKnown,
			observations: entries.Observation.flatMap((entry) => this.observation(entry)),
			medications: entries.MedicationRequest.flatMap((entry) => this.medication(entry)),
			ignored
		};
	}
}

/** What a checked bundle means for this hospital; nothing is written here. */
export function planOf(bundle: Bundle): Result<Plan, FhirRefusal> {
	try {
		return ok(new Planner(bundle).plan());
	} catch (error) {
		if (error instanceof Broken) return { ok: false, refusal: error.refusal };
		throw error;
	}
}
