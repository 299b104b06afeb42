// Brings patients of other systems in, from FHIR R4 bundles (Synthea's among them).
// Used by `npm run import -- fhir` and by POST /api/interoperability/fhir.
// It must never take half a bundle, and never write another context's tables: each owner imports its own facts.
import type { RefusalFacts } from '../../kernel/index.ts';

/** A bundle of one patient's whole life is well under this. */
export const MAX_BUNDLE_BYTES = 64 * 1024 * 1024;
export const MAX_ENTRIES = 50_000;

export const KINDS = ['patients', 'encounters', 'conditions', 'allergies', 'observations', 'medications'] as const;
export type Kind = (typeof KINDS)[number];
export interface Counted {
	/** stands in this bundle */
	readonly found: number;
	/** was not known before */
	readonly created: number;
}
export interface FhirImported {
	readonly kinds: Readonly<Record<Kind, Counted>>;
	/** resource types this module does not take, and how many there were */
	readonly ignored: Readonly<Record<string, number>>;
}

/** What is wrong at a place of a bundle. The sentence is said by the reader's dictionary. */
export const PROBLEMS = ['missing', 'wrong-type', 'not-listed', 'not-a-date', 'not-a-number', 'too-long', 'contradiction', 'other'] as const;
export type Problem = (typeof PROBLEMS)[number];

export interface FhirRefusal {
	readonly code:
		| 'fhir-not-json'
		| 'fhir-not-a-bundle'
		| 'fhir-broken'
		| 'fhir-no-patient'
		| 'fhir-unknown-reference'
		| 'fhir-twice'
		| 'fhir-other-person'
		| 'fhir-other-record'
		| 'fhir-too-large';
	readonly facts: RefusalFacts;
}
