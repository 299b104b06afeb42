import { existsSync, statSync, unlinkSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { dateOf, nameOf, numberOf, rawNameOf, textOf, type DicomJson } from '../../dicom/json.ts';
import { planeOf, positionAlongNormal } from '../../../reading/geometry.ts';
import type { HeaderIdentity, ImageSex } from '../../identity.ts';
import type { FileNote, FileReason } from '../../reasons.ts';
import { hashFile, keepBlob } from './blobs.ts';
import { LIMITS, type Limits } from './limits.ts';
import { inflate, toLittleEndian } from './normalise.ts';
import { asRgb, paletteOf } from './palette.ts';
import { isSupported, pixelFacts, type FrameTable } from './pixels.ts';
import { DatasetReader, DEFLATED, EXPLICIT_BE, EXPLICIT_LE, readMeta, type Dataset } from './reader.ts';
import { Refused } from './refused.ts';
import { FileSource } from './source.ts';

/** What is known of a file once it has been read and its bytes are safe in the store. */
export interface Examined {
	readonly kind: 'read';
	readonly sha256: string;
	/** the blob that is served; another than `sha256` when the file had to be re-written */
	readonly served: string;
	readonly newBlobs: readonly string[];
	readonly bytes: number;
	readonly studyUid: string;
	readonly seriesUid: string;
	readonly sopUid: string;
	readonly sopClass: string;
	readonly transferSyntax: string;
	readonly identity: HeaderIdentity;
	readonly rawName: string | null;
	readonly study: {
		readonly date: string | null;
		readonly time: string | null;
		readonly accession: string | null;
		readonly description: string | null;
		readonly id: string | null;
		readonly referrer: string | null;
	};
	readonly series: {
		readonly modality: string;
		readonly number: number | null;
		readonly description: string | null;
		readonly bodyPart: string | null;
		readonly frameOfReference: string | null;
	};
	readonly number: number | null;
	readonly rows: number | null;
	readonly columns: number | null;
	readonly frames: number;
	readonly position: number | null;
	readonly table: FrameTable | null;
	/** the dataset as DICOM JSON, raw deflate */
	readonly metadata: Uint8Array;
	readonly notes: readonly FileNote[];
}
export type ExamineResult =
	| Examined
	| { readonly kind: 'refused'; readonly reason: FileReason; readonly detail: string; readonly sopUid: string | null; readonly sopClass: string | null };

/** PS3.5 9.1, at most 64 characters. Components with a leading zero are not conformant but come from real scanners; they do no harm. */
export const isUid = (text: string): boolean => text.length <= 64 && /^\d+(?:\.\d+)+$/u.test(text);

function uid(json: DicomJson, tag: string, name: string): string {
	const attribute = json[tag];
	const value = attribute?.Value?.[0];
	if (typeof value !== 'string' || value === '') throw new Refused('uid-missing', name);
	if ((attribute?.Value?.length ?? 0) !== 1 || !isUid(value)) throw new Refused('uid-invalid', name);
	return value;
}

const SEX: Readonly<Record<string, ImageSex>> = { M: 'male', F: 'female', O: 'other' };
const shorten = (text: string | null, length = 200): string | null => (text === null ? null : text.slice(0, length).replaceAll('\0', '').toWellFormed());

/** Reads one file in the scratch folder and, when it is sound, moves it into the store. Consumes the file either way. */
export async function examine(path: string, dataDir: string, limits: Limits = LIMITS): Promise<ExamineResult> {
	const normalised = `${path}.le`;
	let known: { sopUid: string | null; sopClass: string | null } = { sopUid: null, sopClass: null };
	let source: FileSource | null = null;
	try {
		const size = statSync(path).size;
		if (size > limits.fileBytes) throw new Refused('too-large', `${size} bytes`);
		source = new FileSource(path);
		const meta = readMeta(source);
		known = { sopUid: meta.sopInstance, sopClass: meta.sopClass };
		if (meta.sopClass === '1.2.840.10008.1.3.10') throw new Refused('media-directory');
		let { transferSyntax } = meta;
		let start = meta.end;
		if (transferSyntax === DEFLATED || transferSyntax === EXPLICIT_BE) {
			source.close();
			source = null;
			if (transferSyntax === DEFLATED) await inflate(path, meta, normalised, size, limits);
			else toLittleEndian(path, meta, normalised, limits);
			transferSyntax = EXPLICIT_LE;
			source = new FileSource(normalised);
			start = readMeta(source).end;
		}
		if (!isSupported(transferSyntax)) throw new Refused('unsupported-transfer-syntax', transferSyntax.slice(0, 64));
		const dataset = new DatasetReader(source, transferSyntax, limits).read(start);
		known = {
			sopUid: shorten(textOf(dataset.json, '00080018'), 64) ?? known.sopUid,
			sopClass: shorten(textOf(dataset.json, '00080016'), 64) ?? known.sopClass
		};
		const facts = describe(source, transferSyntax, dataset, limits);
		source.close();
		source = null;
		const sha256 = hashFile(path);
		const rewritten = existsSync(normalised);
		const served = rewritten ? hashFile(normalised) : sha256;
		const newBlobs = [...(keepBlob(dataDir, sha256, path) ? [sha256] : []), ...(rewritten && keepBlob(dataDir, served, normalised) ? [served] : [])];
		return { ...facts, sha256, served, newBlobs, bytes: size, notes: rewritten ? [...facts.notes, 'normalised'] : facts.notes };
	} catch (error) {
		if (!(error instanceof Refused)) throw error;
		return { kind: 'refused', reason: error.reason, detail: error.message, ...known };
	} finally {
		source?.close();
		for (const left of [path, normalised]) if (existsSync(left)) unlinkSync(left);
	}
}

type Facts = Omit<Examined, 'sha256' | 'served' | 'newBlobs' | 'bytes'>;

function describe(source: FileSource, transferSyntax: string, dataset: Dataset, limits: Limits): Facts {
	const { json, wrongText, unknownCharset } = dataset;
	const sopClass = uid(json, '00080016', 'SOPClassUID');
	const sopUid = uid(json, '00080018', 'SOPInstanceUID');
	const studyUid = uid(json, '0020000D', 'StudyInstanceUID');
	const seriesUid = uid(json, '0020000E', 'SeriesInstanceUID');
	const pixels = pixelFacts(source, transferSyntax, dataset, limits);
	const plane = planeOf(json, 1);
	const notes: FileNote[] = [];
	if (wrongText) notes.push('charset-wrong');
	if (unknownCharset) notes.push('charset-unknown');
	if (pixels.table === null) notes.push('no-pixels');
	if (pixels.trailing) notes.push('trailing-bytes');
	const palette = pixels.table?.kind === 'native' && textOf(json, '00280004') === 'PALETTE COLOR' && numberOf(json, '00280100') === 16 ? paletteOf(json) : null;
	if (palette !== null) notes.push('palette-16');
	const table = palette === null || pixels.table?.kind !== 'native' ? pixels.table : { ...pixels.table, palette };
	const wellFormed = Object.assign({}, palette === null ? json : asRgb(json), { '00083002': { vr: 'UI', Value: [transferSyntax] } });
	const metadata = JSON.stringify(wellFormed);
	if (metadata.length > limits.metadataBytes) throw new Refused('too-many-elements', 'metadata');
	return {
		kind: 'read',
		studyUid,
		seriesUid,
		sopUid,
		sopClass,
		transferSyntax,
		identity: {
			patientId: shorten(textOf(json, '00100020'), 64),
			name: shorten(nameOf(json, '00100010')),
			birthDate: dateOf(json, '00100030'),
			sex: SEX[textOf(json, '00100040') ?? ''] ?? null,
			doubtfulText: wrongText
		},
		rawName: shorten(rawNameOf(json, '00100010')),
		study: {
			date: dateOf(json, '00080020'),
			time: shorten(textOf(json, '00080030'), 16),
			accession: shorten(textOf(json, '00080050'), 64),
			description: shorten(textOf(json, '00081030')),
			id: shorten(textOf(json, '00200010'), 64),
			referrer: shorten(nameOf(json, '00080090'))
		},
		series: {
			modality: shorten(textOf(json, '00080060'), 16) ?? 'OT',
			number: numberOf(json, '00200011'),
			description: shorten(textOf(json, '0008103E')),
			bodyPart: shorten(textOf(json, '00180015'), 64),
			frameOfReference: shorten(textOf(json, '00200052'), 64)
		},
		number: numberOf(json, '00200013'),
		rows: pixels.table === null ? null : numberOf(json, '00280010'),
		columns: pixels.table === null ? null : numberOf(json, '00280011'),
		frames: pixels.frames,
		position: plane === null ? null : positionAlongNormal(plane),
		table,
		metadata: deflateRawSync(metadata),
		notes
	};
}
