import type { DicomAttribute, DicomJson, DicomValue, PersonName } from '../../dicom/json.ts';
import { vrOf } from '../../dicom/vr.ts';
import type { Limits } from './limits.ts';
import { Refused } from './refused.ts';
import type { Source } from './source.ts';
import { charsetOf, decodeText, type Charset } from './text.ts';

/**
 * A bounded reader of Part 10 files. It never trusts a length, a depth or a count, keeps pixel data where they are, and ends in a dataset as
 * DICOM JSON or in a `Refused`.
 */
export const IMPLICIT_LE = '1.2.840.10008.1.2';
export const EXPLICIT_LE = '1.2.840.10008.1.2.1';
export const DEFLATED = '1.2.840.10008.1.2.1.99';
export const EXPLICIT_BE = '1.2.840.10008.1.2.2';
const PIXEL_TAGS = new Set([0x7fe00008, 0x7fe00009, 0x7fe00010]);
const LONG = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const SHORT = new Set(['AE', 'AS', 'AT', 'CS', 'DA', 'DS', 'DT', 'FL', 'FD', 'IS', 'LO', 'LT', 'PN', 'SH', 'SL', 'SS', 'ST', 'TM', 'UI', 'UL', 'US']);
const LOCALISED = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);
const BINARY = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN']);
const NUMERIC = new Set(['US', 'SS', 'UL', 'SL', 'FL', 'FD', 'UV', 'SV', 'AT']);
const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
const UNDEFINED = 0xffffffff;

export interface Meta {
	readonly transferSyntax: string;
	readonly sopClass: string | null;
	readonly sopInstance: string | null;
	/** where the dataset begins */
	readonly end: number;
}
export interface Fragment {
	readonly offset: number;
	readonly length: number;
}
export type PixelElement =
	| { readonly kind: 'native'; readonly tag: number; readonly offset: number; readonly length: number }
	| { readonly kind: 'encapsulated'; readonly tag: number; readonly basicOffsets: readonly number[]; readonly fragments: readonly Fragment[] };
export interface Dataset {
	readonly json: DicomJson;
	readonly pixels: PixelElement | null;
	readonly extendedOffsets: readonly number[];
	readonly wrongText: boolean;
	readonly unknownCharset: boolean;
}

export const hex = (tag: number): string => tag.toString(16).toUpperCase().padStart(8, '0');

/** File meta information, always Explicit VR Little Endian. */
export function readMeta(source: Source): Meta {
	if (source.size === 0) throw new Refused('empty');
	if (source.size < 132 || source.bytes(128, 4).toString('latin1') !== 'DICM') {
		const start = source.bytes(0, Math.min(8, source.size));
		const looksLike = start.length === 8 && [2, 8].includes(start.readUInt16LE(0)) && start.readUInt16LE(2) < 0x100;
		throw new Refused(looksLike ? 'meta-missing' : 'not-dicom');
	}
	let at = 132;
	const values = new Map<number, string>();
	for (let count = 0; at + 8 <= source.size; count++) {
		const head = source.bytes(at, 8);
		if (head.readUInt16LE(0) !== 2) break;
		if (count > 64) throw new Refused('malformed', 'file meta information');
		const tag = 0x00020000 + head.readUInt16LE(2);
		const vr = head.toString('latin1', 4, 6);
		if (!LONG.has(vr) && !SHORT.has(vr)) throw new Refused('meta-missing', 'file meta information without VR');
		const long = LONG.has(vr);
		const length = long ? source.bytes(at + 8, 4).readUInt32LE(0) : head.readUInt16LE(6);
		if (length > 1024 * 1024) throw new Refused('malformed', 'file meta information');
		at += long ? 12 : 8;
		if (vr === 'UI') values.set(tag, trimUid(source.bytes(at, Math.min(length, 256)).toString('latin1')));
		at += length;
	}
	const transferSyntax = values.get(0x00020010);
	if (transferSyntax === undefined || transferSyntax === '') throw new Refused('meta-missing', 'TransferSyntaxUID');
	return { transferSyntax, sopClass: values.get(0x00020002) ?? null, sopInstance: values.get(0x00020003) ?? null, end: at };
}

/** Character by character: a pattern anchored at the end looks at a long run of blanks once for each of them. */
function trimUid(text: string): string {
	let end = text.length;
	while (end > 0 && (text[end - 1] === '\0' || text[end - 1] === ' ')) end--;
	return text.slice(0, end);
}

interface Encoding {
	readonly explicit: boolean;
	readonly big: boolean;
}

export class DatasetReader {
	readonly #source: Source;
	readonly #limits: Limits;
	readonly #encoding: Encoding;
	#elements = 0;
	#kept = 0;
	#pixels: PixelElement | null = null;
	#extended: number[] = [];
	#wrongText = false;
	#unknownCharset = false;
	#signed = false;

	constructor(source: Source, transferSyntax: string, limits: Limits) {
		this.#source = source;
		this.#limits = limits;
		this.#encoding = { explicit: transferSyntax !== IMPLICIT_LE, big: transferSyntax === EXPLICIT_BE };
	}

	read(start: number): Dataset {
		const { json } = this.#dataset(start, this.#source.size, 0, charsetOf([]), this.#encoding, false);
		return { json, pixels: this.#pixels, extendedOffsets: this.#extended, wrongText: this.#wrongText, unknownCharset: this.#unknownCharset };
	}

	#tag(at: number, big: boolean): number {
		const head = this.#source.bytes(at, 4);
		return big ? head.readUInt16BE(0) * 0x10000 + head.readUInt16BE(2) : head.readUInt16LE(0) * 0x10000 + head.readUInt16LE(2);
	}
	#u32(at: number, big: boolean): number {
		const word = this.#source.bytes(at, 4);
		return big ? word.readUInt32BE(0) : word.readUInt32LE(0);
	}

	/** Elements from `start` to `end`, or to an item delimiter when the item's length is undefined. */
	#dataset(start: number, end: number, depth: number, inherited: Charset, encoding: Encoding, delimited: boolean): { json: DicomJson; next: number } {
		if (depth > this.#limits.depth) throw new Refused('too-deep', `${depth} levels`);
		const json: Record<string, DicomAttribute> = {};
		let charset = inherited;
		let at = start;
		while (at < end) {
			// Up to 7 stray bytes at the end of a file are padding, not an element.
			if (depth === 0 && end - at < 8) break;
			const tag = this.#tag(at, encoding.big);
			if (tag === ITEM_END || tag === SEQUENCE_END) {
				if (delimited && tag === ITEM_END) return { json, next: at + 8 };
				// Some cameras end a file with one delimiter too many.
				if (depth === 0 && this.#pixels !== null && end - at === 8) break;
				throw new Refused('malformed', `delimiter at ${at}`);
			}
			if (tag === 0 && depth === 0) break;
			if (++this.#elements > this.#limits.elements) throw new Refused('too-many-elements');
			const { vr, length, value } = this.#header(at, tag, encoding);
			if (length !== UNDEFINED && value + length > end) throw new Refused('truncated', `${hex(tag)} at ${at}`);
			if (depth === 0 && PIXEL_TAGS.has(tag)) {
				at = this.#pixelData(tag, vr, value, length, encoding);
				continue;
			}
			const key = hex(tag);
			if (key in json) throw new Refused('malformed', `${key} twice`);
			if (vr === 'SQ' || length === UNDEFINED) {
				if (vr !== 'SQ' && vr !== 'UN') throw new Refused('malformed', `${key} of undefined length`);
				// UN of undefined length holds a sequence in Implicit VR (PS3.5 6.2.2).
				const inner = vr === 'UN' ? { explicit: false, big: false } : encoding;
				const { items, next } = this.#sequence(value, length, end, depth, charset, inner);
				json[key] = items.length > 0 ? { vr: 'SQ', Value: items } : { vr: 'SQ' };
				at = next;
				continue;
			}
			at = value + length;
			if (tag % 0x10000 === 0) continue;
			const attribute = this.#value(tag, vr, value, length, charset, encoding.big);
			if (attribute === null) continue;
			json[key] = attribute;
			if (tag === 0x00080005) {
				charset = charsetOf((attribute.Value ?? []).map((each) => (typeof each === 'string' ? each : '')));
				if (!charset.known) this.#unknownCharset = true;
			} else if (tag === 0x00280103) this.#signed = attribute.Value?.[0] === 1;
		}
		if (delimited && at >= end) throw new Refused('truncated', 'item without end');
		return { json, next: at };
	}

	#header(at: number, tag: number, { explicit, big }: Encoding): { vr: string; length: number; value: number } {
		if (!explicit) {
			const length = this.#u32(at + 4, big);
			return { vr: vrOf(tag, this.#signed), length, value: at + 8 };
		}
		const head = this.#source.bytes(at + 4, 4);
		const vr = head.toString('latin1', 0, 2);
		if (vr === 'UN') {
			// A standard attribute that passed through a system which did not know it (PS3.5 6.2.2 note 2).
			const length = this.#u32(at + 8, big);
			const restored = length === UNDEFINED || PIXEL_TAGS.has(tag) ? 'UN' : vrOf(tag, this.#signed);
			return { vr: restored === 'SQ' ? 'UN' : restored, length, value: at + 12 };
		}
		if (SHORT.has(vr)) return { vr, length: big ? head.readUInt16BE(2) : head.readUInt16LE(2), value: at + 8 };
		if (LONG.has(vr)) return { vr, length: this.#u32(at + 8, big), value: at + 12 };
		throw new Refused('malformed', `${hex(tag)} has no VR`);
	}

	#sequence(start: number, length: number, end: number, depth: number, charset: Charset, encoding: Encoding): { items: DicomJson[]; next: number } {
		const items: DicomJson[] = [];
		const stop = length === UNDEFINED ? end : start + length;
		let at = start;
		while (at < stop) {
			const tag = this.#tag(at, encoding.big);
			const size = this.#u32(at + 4, encoding.big);
			at += 8;
			if (tag === SEQUENCE_END) {
				if (length !== UNDEFINED) throw new Refused('malformed', 'sequence delimiter');
				return { items, next: at };
			}
			if (tag !== ITEM) throw new Refused('malformed', `${hex(tag)} in place of an item`);
			if (++this.#elements > this.#limits.elements) throw new Refused('too-many-elements');
			if (size !== UNDEFINED && at + size > stop) throw new Refused('truncated', 'item');
			const inner = this.#dataset(at, size === UNDEFINED ? stop : at + size, depth + 1, charset, encoding, size === UNDEFINED);
			items.push(inner.json);
			at = inner.next;
		}
		if (length === UNDEFINED) throw new Refused('truncated', 'sequence without end');
		return { items, next: at };
	}

	#pixelData(tag: number, vr: string, value: number, length: number, { big }: Encoding): number {
		if (this.#pixels !== null) throw new Refused('malformed', 'pixel data twice');
		if (length !== UNDEFINED) {
			this.#pixels = { kind: 'native', tag, offset: value, length };
			return value + length;
		}
		if (vr !== 'OB' && vr !== 'OW' && vr !== 'UN') throw new Refused('malformed', 'pixel data');
		const fragments: Fragment[] = [];
		let basicOffsets: number[] | null = null;
		let at = value;
		for (;;) {
			if (at + 8 > this.#source.size) throw new Refused('truncated', 'pixel data');
			const item = this.#tag(at, big);
			const size = this.#u32(at + 4, big);
			at += 8;
			if (item === SEQUENCE_END) break;
			if (item !== ITEM || size === UNDEFINED) throw new Refused('malformed', 'pixel data');
			if (at + size > this.#source.size) throw new Refused('truncated', 'pixel data');
			if (basicOffsets === null) {
				if (size > this.#limits.frames * 4) throw new Refused('too-many-elements', 'offset table');
				const table = this.#source.bytes(at, size - (size % 4));
				basicOffsets = Array.from({ length: table.length / 4 }, (_, index) => table.readUInt32LE(index * 4));
			} else {
				if (fragments.length >= this.#limits.elements) throw new Refused('too-many-elements', 'fragments');
				fragments.push({ offset: at, length: size });
			}
			at += size;
		}
		this.#pixels = { kind: 'encapsulated', tag, basicOffsets: basicOffsets ?? [], fragments };
		return at;
	}

	#value(tag: number, vr: string, offset: number, length: number, charset: Charset, big: boolean): DicomAttribute | null {
		if (length === 0) return { vr };
		if (tag === 0x7fe00001) {
			const table = this.#source.bytes(offset, Math.min(length, this.#limits.frames * 8));
			this.#extended = Array.from({ length: Math.floor(table.length / 8) }, (_, index) => Number(table.readBigUInt64LE(index * 8)));
			return null;
		}
		const lut = (tag >= 0x00281201 && tag <= 0x00281204) || tag === 0x00283006 || (tag >= 0x00281221 && tag <= 0x00281223);
		if (BINARY.has(vr) && length > (lut ? 256 * 1024 : this.#limits.inlineBinary)) return null;
		if (NUMERIC.has(vr) && length > 256 * 1024) return null;
		this.#kept += length;
		if (this.#kept > this.#limits.metadataBytes) throw new Refused('too-many-elements', 'metadata');
		const bytes = this.#source.bytes(offset, length);
		if (BINARY.has(vr)) return { vr, InlineBinary: bytes.toString('base64') };
		const numbers = numericValues(vr, bytes, big);
		if (numbers !== null) return { vr, Value: numbers };
		if (vr === 'AT')
			return {
				vr,
				Value: Array.from({ length: Math.floor(length / 4) }, (_, index) =>
					hex(
						big
							? bytes.readUInt16BE(index * 4) * 0x10000 + bytes.readUInt16BE(index * 4 + 2)
							: bytes.readUInt16LE(index * 4) * 0x10000 + bytes.readUInt16LE(index * 4 + 2)
					)
				)
			};
		const text = this.#text(vr, bytes, charset);
		return { vr, Value: textValues(vr, text) };
	}

	#text(vr: string, bytes: Buffer, charset: Charset): string {
		// NUL pads a UID and is wrong inside one; everywhere else it is dropped.
		if (vr === 'UI') return bytes.toString('latin1');
		if (!LOCALISED.has(vr)) return bytes.toString('latin1').replaceAll('\0', '');
		const { text, wrong } = decodeText(bytes, charset);
		if (wrong) this.#wrongText = true;
		return text;
	}
}

function numericValues(vr: string, bytes: Buffer, big: boolean): (number | string | null)[] | null {
	const each = (size: number, get: (at: number) => number | string): (number | string | null)[] =>
		Array.from({ length: Math.floor(bytes.length / size) }, (_, index) => {
			const value = get(index * size);
			return typeof value === 'number' && !Number.isFinite(value) ? null : value;
		});
	switch (vr) {
		case 'US':
			return each(2, (at) => (big ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at)));
		case 'SS':
			return each(2, (at) => (big ? bytes.readInt16BE(at) : bytes.readInt16LE(at)));
		case 'UL':
			return each(4, (at) => (big ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)));
		case 'SL':
			return each(4, (at) => (big ? bytes.readInt32BE(at) : bytes.readInt32LE(at)));
		case 'FL':
			return each(4, (at) => (big ? bytes.readFloatBE(at) : bytes.readFloatLE(at)));
		case 'FD':
			return each(8, (at) => (big ? bytes.readDoubleBE(at) : bytes.readDoubleLE(at)));
		case 'UV':
			return each(8, (at) => String(big ? bytes.readBigUInt64BE(at) : bytes.readBigUInt64LE(at)));
		case 'SV':
			return each(8, (at) => String(big ? bytes.readBigInt64BE(at) : bytes.readBigInt64LE(at)));
		default:
			return null;
	}
}

function textValues(vr: string, text: string): DicomValue[] {
	if (vr === 'LT' || vr === 'ST' || vr === 'UT' || vr === 'UR') return [text.trimEnd()];
	return text.split('\\').map((part): DicomValue => {
		const value = vr === 'UI' ? trimUid(part) : part.trim();
		if (value === '') return null;
		if (vr === 'DS' || vr === 'IS') {
			const number = Number(value);
			return Number.isFinite(number) ? number : value;
		}
		if (vr !== 'PN') return value;
		const [Alphabetic, Ideographic, Phonetic] = value.split('=');
		const name: Record<string, string> = {};
		if (Alphabetic) name.Alphabetic = Alphabetic;
		if (Ideographic) name.Ideographic = Ideographic;
		if (Phonetic) name.Phonetic = Phonetic;
		return name as PersonName;
	});
}
