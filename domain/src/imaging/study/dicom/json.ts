/** DICOM JSON (PS3.18 annex F): `{ '00280010': { vr: 'US', Value: [512] } }`. */
export interface PersonName {
	readonly Alphabetic?: string;
	readonly Ideographic?: string;
	readonly Phonetic?: string;
}
export type DicomValue = string | number | null | PersonName | DicomJson;
export interface DicomAttribute {
	readonly vr: string;
	readonly Value?: readonly DicomValue[];
	readonly InlineBinary?: string;
	readonly BulkDataURI?: string;
}
export type DicomJson = { readonly [tag: string]: DicomAttribute };

const first = (dataset: DicomJson, tag: string): DicomValue | undefined => dataset[tag]?.Value?.[0];

export function textOf(dataset: DicomJson, tag: string): string | null {
	const value = first(dataset, tag);
	if (typeof value === 'number') return String(value);
	if (typeof value !== 'string') return null;
	const trimmed = value.trim();
	return trimmed === '' ? null : trimmed;
}
export function numberOf(dataset: DicomJson, tag: string): number | null {
	const value = first(dataset, tag);
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	return typeof number === 'number' && Number.isFinite(number) ? number : null;
}
export function numbersOf(dataset: DicomJson, tag: string): readonly number[] {
	const numbers = (dataset[tag]?.Value ?? []).map((value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value));
	return numbers.every((value): value is number => typeof value === 'number' && Number.isFinite(value)) ? numbers : [];
}
const isDataset = (value: DicomValue): value is DicomJson => typeof value === 'object' && value !== null;
export const itemsOf = (dataset: DicomJson, tag: string): readonly DicomJson[] =>
	dataset[tag]?.vr === 'SQ' ? (dataset[tag].Value ?? []).filter(isDataset) : [];

/** The name as a person reads it: the ideographic form where there is one, without `^`. */
export function nameOf(dataset: DicomJson, tag: string): string | null {
	const value = first(dataset, tag);
	if (typeof value !== 'object' || value === null) return null;
	const { Alphabetic, Ideographic } = value as PersonName;
	const shown = (Ideographic ?? Alphabetic ?? '').split('^').filter((part) => part.trim() !== '');
	const joined = /\p{Script=Han}/u.test(shown.join('')) ? shown.join('') : shown.join(' ');
	return joined.trim() === '' ? null : joined.trim();
}

/** The whole PN as written, for QIDO. */
export function rawNameOf(dataset: DicomJson, tag: string): string | null {
	const value = first(dataset, tag);
	if (typeof value !== 'object' || value === null) return null;
	const { Alphabetic = '', Ideographic = '', Phonetic = '' } = value as PersonName;
	const joined = [Alphabetic, Ideographic, Phonetic].join('=').replace(/=+$/, '');
	return joined === '' ? null : joined;
}

/** `19880412` -> `1988-04-12`; null when absent or no date. */
export function dateOf(dataset: DicomJson, tag: string): string | null {
	const text = textOf(dataset, tag);
	const match = text === null ? null : /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(text);
	return match ? `${match[1]}-${match[2]}-${match[3]}` : null;
}
