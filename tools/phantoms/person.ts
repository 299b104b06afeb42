import { createHash } from 'node:crypto';
import type { WriteElement } from '../../domain/src/imaging/study/dicom/write.ts';

/** Who the phantom pretends to show. Invented people only. */
export interface PhantomPerson {
	readonly mrn: string;
	readonly name: string;
	/** `Zhou^Ruolan`; when absent only the Chinese form is written */
	readonly latin?: string;
	/** `YYYY-MM-DD` */
	readonly birthDate: string;
	readonly sex: 'male' | 'female' | 'other';
}

export interface PhantomStudy {
	/** everything random in the phantom, UIDs included, follows from it */
	readonly seed: string;
	readonly person: PhantomPerson;
	/** `YYYYMMDD` and `HHMMSS` */
	readonly date: string;
	readonly time: string;
	readonly accession: string;
	readonly description: string;
}

/** One file of a phantom study. */
export interface PhantomFile {
	readonly name: string;
	readonly bytes: Uint8Array;
}

/** A UID under 2.25 from a seed: the same seed gives the same UID for ever. */
export function uidOf(...seed: readonly (string | number)[]): string {
	const bytes = createHash('sha256').update(seed.join('/')).digest().subarray(0, 16);
	bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
	bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
	return `2.25.${BigInt(`0x${bytes.toString('hex')}`)}`;
}

function personName({ name, latin }: PhantomPerson): string {
	const han = `${name.slice(0, 1)}^${name.slice(1)}`;
	return latin === undefined ? `=${han}` : `${latin}=${han}`;
}

/** Patient, general study, SOP common: what every phantom shares. */
export function commonElements(
	study: PhantomStudy,
	sopClass: string,
	sopInstance: string,
	modality: string,
	seriesNumber: number,
	instanceNumber: number
): WriteElement[] {
	return [
		{ tag: 0x00080005, vr: 'CS', value: 'ISO_IR 192' },
		{ tag: 0x00080016, vr: 'UI', value: sopClass },
		{ tag: 0x00080018, vr: 'UI', value: sopInstance },
		{ tag: 0x00080020, vr: 'DA', value: study.date },
		{ tag: 0x00080021, vr: 'DA', value: study.date },
		{ tag: 0x00080023, vr: 'DA', value: study.date },
		{ tag: 0x00080030, vr: 'TM', value: study.time },
		{ tag: 0x00080031, vr: 'TM', value: study.time },
		{ tag: 0x00080033, vr: 'TM', value: study.time },
		{ tag: 0x00080050, vr: 'SH', value: study.accession },
		{ tag: 0x00080060, vr: 'CS', value: modality },
		{ tag: 0x00080070, vr: 'LO', value: 'Tongping phantoms' },
		{ tag: 0x00080090, vr: 'PN', value: '' },
		{ tag: 0x00081030, vr: 'LO', value: study.description },
		{ tag: 0x00081090, vr: 'LO', value: 'Phantom 1' },
		{ tag: 0x00100010, vr: 'PN', value: personName(study.person) },
		{ tag: 0x00100020, vr: 'LO', value: study.person.mrn },
		{ tag: 0x00100030, vr: 'DA', value: study.person.birthDate.replaceAll('-', '') },
		{ tag: 0x00100040, vr: 'CS', value: { male: 'M', female: 'F', other: 'O' }[study.person.sex] },
		{ tag: 0x00181000, vr: 'LO', value: '0001' },
		{ tag: 0x00181020, vr: 'LO', value: '1.0' },
		{ tag: 0x0020000d, vr: 'UI', value: uidOf(study.seed, 'study') },
		{ tag: 0x0020000e, vr: 'UI', value: uidOf(study.seed, 'series', seriesNumber) },
		{ tag: 0x00200010, vr: 'SH', value: '1' },
		{ tag: 0x00200011, vr: 'IS', value: String(seriesNumber) },
		{ tag: 0x00200013, vr: 'IS', value: String(instanceNumber) }
	];
}

/** A small repeatable stream of noise, mean 0. */
export function noiseTable(seed: number, amplitude: number, length = 65_536): Int16Array {
	const table = new Int16Array(length);
	let state = seed >>> 0 || 1;
	const next = (): number => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return (state >>> 0) / 0x1_0000_0000;
	};
	for (let index = 0; index < length; index += 2) {
		const value = Math.round((next() + next() + next() - 1.5) * amplitude);
		table[index] = value;
		table[index + 1] = -value;
	}
	return table;
}
