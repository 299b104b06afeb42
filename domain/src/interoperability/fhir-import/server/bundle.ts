import { z } from 'zod';
import { ok, type Result } from '../../../kernel/index.ts';
import { MAX_ENTRIES, type FhirRefusal, type Problem } from '../fhir-import.ts';

/** FHIR R4 as far as this module reads it. Objects are loose: what a sender adds beside it is none of our business. */
const coding = z.looseObject({ system: z.string().optional(), code: z.string().optional(), display: z.string().optional() });
const concept = z.looseObject({ coding: z.array(coding).optional(), text: z.string().optional() });
const reference = z.looseObject({ reference: z.string().min(1), display: z.string().optional() });
const id = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/u);

const REAL_DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?)?)?$/u;
/** Epoch milliseconds of a FHIR date or dateTime; a part that is not said is its beginning, a day without a zone is the hospital's day. */
export function instantOf(text: string): number | null {
	const [, year, month = '01', day = '01'] = REAL_DATE.exec(text) ?? [];
	if (year === undefined) return null;
	// Date.parse lets 30 February slide into March.
	const calendar = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
	if (calendar.getUTCMonth() !== Number(month) - 1 || calendar.getUTCDate() !== Number(day)) return null;
	const at = Date.parse(text.includes('T') ? text : `${year}-${month}-${day}T00:00:00+08:00`);
	return Number.isNaN(at) ? null : at;
}
const dateTime = z.string().refine((text) => instantOf(text) !== null, { error: 'not-a-date' });
const date = z.iso.date({ error: 'not-a-date' });
const quantity = z.looseObject({ value: z.number().optional(), unit: z.string().max(40).optional(), code: z.string().max(40).optional() });
const status = (...codes: readonly [string, ...string[]]) => z.looseObject({ coding: z.array(z.looseObject({ code: z.enum(codes) })).min(1) });

const valued = {
	code: concept,
	valueQuantity: quantity.optional(),
	valueCodeableConcept: concept.optional(),
	valueString: z.string().max(2000).optional(),
	valueInteger: z.int().optional(),
	valueBoolean: z.boolean().optional()
};
const limits = z.array(z.looseObject({ low: quantity.optional(), high: quantity.optional() })).optional();

export const RESOURCES = {
	Patient: z.looseObject({
		resourceType: z.literal('Patient'),
		id,
		identifier: z.array(z.looseObject({ system: z.string().optional(), value: z.string().min(1).max(128), type: concept.optional() })).optional(),
		name: z
			.array(z.looseObject({ use: z.string().optional(), text: z.string().optional(), family: z.string().optional(), given: z.array(z.string()).optional() }))
			.min(1),
		gender: z.enum(['male', 'female', 'other', 'unknown']).optional(),
		birthDate: date.optional()
	}),
	Encounter: z.looseObject({
		resourceType: z.literal('Encounter'),
		id,
		status: z.enum(['planned', 'arrived', 'triaged', 'in-progress', 'onleave', 'finished', 'cancelled', 'entered-in-error', 'unknown']),
		class: coding,
		type: z.array(concept).optional(),
		subject: reference,
		period: z.looseObject({ start: dateTime, end: dateTime.optional() }).optional(),
		serviceProvider: reference.optional()
	}),
	Condition: z.looseObject({
		resourceType: z.literal('Condition'),
		id,
		clinicalStatus: status('active', 'recurrence', 'relapse', 'inactive', 'remission', 'resolved').optional(),
		verificationStatus: status('unconfirmed', 'provisional', 'differential', 'confirmed', 'refuted', 'entered-in-error').optional(),
		code: concept,
		subject: reference,
		onsetDateTime: dateTime.optional(),
		abatementDateTime: dateTime.optional(),
		recordedDate: dateTime.optional()
	}),
	AllergyIntolerance: z.looseObject({
		resourceType: z.literal('AllergyIntolerance'),
		id,
		clinicalStatus: status('active', 'inactive', 'resolved').optional(),
		verificationStatus: status('unconfirmed', 'presumed', 'confirmed', 'refuted', 'entered-in-error').optional(),
		code: concept,
		patient: reference,
		recordedDate: dateTime.optional(),
		reaction: z.array(z.looseObject({ manifestation: z.array(concept).optional(), severity: z.enum(['mild', 'moderate', 'severe']).optional() })).optional()
	}),
	Observation: z.looseObject({
		resourceType: z.literal('Observation'),
		id,
		status: z.enum(['registered', 'preliminary', 'final', 'amended', 'corrected', 'cancelled', 'entered-in-error', 'unknown']),
		category: z.array(concept).optional(),
		subject: reference,
		effectiveDateTime: dateTime.optional(),
		effectivePeriod: z.looseObject({ start: dateTime }).optional(),
		issued: dateTime.optional(),
		...valued,
		referenceRange: limits,
		component: z.array(z.looseObject({ ...valued, referenceRange: limits })).optional()
	}),
	MedicationRequest: z.looseObject({
		resourceType: z.literal('MedicationRequest'),
		id,
		status: z.enum(['active', 'on-hold', 'cancelled', 'completed', 'entered-in-error', 'stopped', 'draft', 'unknown']),
		medicationCodeableConcept: concept.optional(),
		medicationReference: reference.optional(),
		subject: reference,
		authoredOn: dateTime.optional(),
		dosageInstruction: z
			.array(
				z.looseObject({
					text: z.string().optional(),
					asNeededBoolean: z.boolean().optional(),
					route: concept.optional(),
					timing: z
						.looseObject({
							code: concept.optional(),
							repeat: z
								.looseObject({ frequency: z.int().positive().optional(), period: z.number().positive().optional(), periodUnit: z.string().optional() })
								.optional()
						})
						.optional(),
					doseAndRate: z.array(z.looseObject({ doseQuantity: quantity.optional() })).optional()
				})
			)
			.optional()
	}),
	Medication: z.looseObject({ resourceType: z.literal('Medication'), id, code: concept.optional() }),
	Organization: z.looseObject({ resourceType: z.literal('Organization'), id, name: z.string().optional() })
} as const;
export type ResourceType = keyof typeof RESOURCES;
export type Resource<T extends ResourceType> = z.output<(typeof RESOURCES)[T]>;
export type Concept = z.output<typeof concept>;
export type Valued = Pick<
	Resource<'Observation'>,
	'code' | 'valueQuantity' | 'valueCodeableConcept' | 'valueString' | 'valueInteger' | 'valueBoolean' | 'referenceRange'
>;

export interface Entry<T extends ResourceType> {
	/** `entry[12].resource`, for the sentence that refuses */
	readonly place: string;
	readonly resource: Resource<T>;
}
export type Entries = { readonly [T in ResourceType]: readonly Entry<T>[] };
export interface Bundle {
	readonly entries: Entries;
	readonly ignored: Readonly<Record<string, number>>;
	/** `Patient/1`, `urn:uuid:...` and full URLs, each to `Type/id` */
	readonly names: ReadonlyMap<string, string>;
}

const envelope = z.looseObject({
	resourceType: z.literal('Bundle'),
	type: z.enum(['document', 'message', 'transaction', 'transaction-response', 'batch', 'batch-response', 'history', 'searchset', 'collection']).optional(),
	entry: z
		.array(z.looseObject({ fullUrl: z.string().optional(), resource: z.looseObject({ resourceType: z.string() }) }))
		.max(MAX_ENTRIES)
		.default([])
});

const refusal = (code: FhirRefusal['code'], facts: FhirRefusal['facts']): Result<never, FhirRefusal> => ({ ok: false, refusal: { code, facts } });
const PROBLEM: Readonly<Record<string, Problem>> = {
	invalid_type: 'wrong-type',
	invalid_value: 'not-listed',
	invalid_format: 'not-a-date',
	too_big: 'too-long',
	too_small: 'missing',
	custom: 'not-a-date'
};

/** `entry[3].resource.period.start` */
export const placeOf = (path: readonly PropertyKey[]): string =>
	path
		.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
		.join('')
		.replace(/^\./u, '');

function broken(error: z.ZodError, base: readonly PropertyKey[]): Result<never, FhirRefusal> {
	const issue = error.issues[0];
	if (issue === undefined) return refusal('fhir-broken', { place: placeOf(base), problem: 'other' });
	const absent = issue.code === 'invalid_type' && /received undefined/u.test(issue.message);
	return refusal('fhir-broken', { place: placeOf([...base, ...issue.path]), problem: absent ? 'missing' : (PROBLEM[issue.code] ?? 'other') });
}

/** Reads and checks a whole bundle; the first thing that is wrong refuses all of it. */
export function readBundle(text: string): Result<Bundle, FhirRefusal> {
	let data: unknown;
	try {
		data = JSON.parse(text);
	} catch (error) {
		return refusal('fhir-not-json', { reason: error instanceof Error ? error.message.slice(0, 120) : '' });
	}
	// What cannot be stored as text anywhere here is no name, value or code either.
	if (/\\u0000/u.test(text)) return refusal('fhir-not-json', { reason: 'U+0000' });
	const found = (data as { resourceType?: unknown } | null)?.resourceType;
	if (found !== 'Bundle') return refusal('fhir-not-a-bundle', { found: typeof found === 'string' ? found.slice(0, 40) : null });
	const bundle = envelope.safeParse(data);
	if (!bundle.success) return broken(bundle.error, []);
	const entries = Object.fromEntries(Object.keys(RESOURCES).map((type) => [type, []])) as unknown as Record<ResourceType, Entry<ResourceType>[]>;
	const ignored: Record<string, number> = {};
	const names = new Map<string, string>();
	for (const [index, { fullUrl, resource }] of bundle.data.entry.entries()) {
		const type = resource.resourceType;
		if (!Object.hasOwn(RESOURCES, type)) {
			ignored[type] = (ignored[type] ?? 0) + 1;
			continue;
		}
		const parsed = RESOURCES[type as ResourceType].safeParse(resource);
		if (!parsed.success) return broken(parsed.error, ['entry', index, 'resource']);
		const name = `${type}/${parsed.data.id}`;
		if (names.has(name)) return refusal('fhir-twice', { place: `entry[${index}].resource`, name });
		names.set(name, name);
		if (fullUrl !== undefined) names.set(fullUrl, name);
		entries[type as ResourceType].push({ place: `entry[${index}].resource`, resource: parsed.data as never });
	}
	if (entries.Patient.length === 0) return refusal('fhir-no-patient', {});
	return ok({ entries: entries as unknown as Entries, ignored, names });
}
