// Code tables of the house: ICD-10 diagnoses, ICD-9-CM-3 operations.
// Used by every field that asks for a diagnosis or an operation, by imports and later by statistics.
// It must never change a code that stands in a signed document: a new table is a new version beside the old one.
import { z } from 'zod';

export const SYSTEMS = ['icd-10', 'icd-9-cm-3'] as const;
export type CodeSystemId = (typeof SYSTEMS)[number];
export const systemSchema = z.enum(SYSTEMS);

/** FHIR names of the tables, for exchange. */
export const SYSTEM_URI: Readonly<Record<CodeSystemId, string>> = {
	'icd-10': 'http://hl7.org/fhir/sid/icd-10',
	'icd-9-cm-3': 'http://hl7.org/fhir/sid/icd-9-cm'
};

export interface Concept {
	readonly code: string;
	readonly display: string;
}

export const conceptSchema = z.strictObject({ code: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.+*/-]{1,23}$/u), display: z.string().trim().min(1).max(200) });

/** At most this many rows travel in one chunk: their initials are made in under 20 ms, and their rows written in less. */
export const CHUNK = 200;
export const chunkSchema = z.strictObject({
	system: systemSchema,
	version: z.string().regex(/^[\w.-]{1,40}$/u),
	title: z.string().min(1).max(120),
	rows: z.array(conceptSchema).max(CHUNK),
	/** set on the last chunk: the version becomes the current one if exactly this many concepts have arrived */
	total: z.int().positive().optional()
});
export type Chunk = z.output<typeof chunkSchema>;

export const searchSchema = z.strictObject({ system: systemSchema, text: z.string().max(60), limit: z.int().min(1).max(50).default(20) });
export type CodeSearch = z.output<typeof searchSchema>;

/** What was typed, as it is compared: full-width forms narrowed, lower case, blanks single. */
export const asTyped = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();

/** Chinese is looked for anywhere in the name; letters and digits are the start of a code, or pinyin initials. */
export const hasHan = (text: string): boolean => /\p{Script=Han}/u.test(text);
