/**
 * A small writer of Part 10 files in Explicit VR Little Endian (PS3.5, PS3.10). Text is written as UTF-8, so the dataset must say ISO_IR 192.
 * It writes what it is given: the caller answers for the IOD.
 */
export interface WriteElement {
	/** 0xggggeeee */
	readonly tag: number;
	readonly vr: string;
	readonly value: string | readonly string[] | readonly number[] | Uint8Array | readonly (readonly WriteElement[])[];
}

const LONG = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const BINARY: Readonly<Record<string, { readonly size: number; readonly put: (view: DataView, at: number, value: number) => void }>> = {
	US: {
		size: 2,
		put: (view, at, value) => {
			view.setUint16(at, value, true);
		}
	},
	SS: {
		size: 2,
		put: (view, at, value) => {
			view.setInt16(at, value, true);
		}
	},
	UL: {
		size: 4,
		put: (view, at, value) => {
			view.setUint32(at, value, true);
		}
	},
	SL: {
		size: 4,
		put: (view, at, value) => {
			view.setInt32(at, value, true);
		}
	},
	FL: {
		size: 4,
		put: (view, at, value) => {
			view.setFloat32(at, value, true);
		}
	},
	FD: {
		size: 8,
		put: (view, at, value) => {
			view.setFloat64(at, value, true);
		}
	},
	AT: {
		size: 4,
		put: (view, at, value) => {
			view.setUint16(at, value >>> 16, true);
			view.setUint16(at + 2, value & 0xffff, true);
		}
	}
};
const encoder = new TextEncoder();
const isSequence = (element: WriteElement): element is WriteElement & { readonly value: readonly (readonly WriteElement[])[] } => element.vr === 'SQ';

function even(bytes: Uint8Array, padding: number): Uint8Array {
	if (bytes.length % 2 === 0) return bytes;
	const padded = new Uint8Array(bytes.length + 1);
	padded.set(bytes);
	padded[bytes.length] = padding;
	return padded;
}

function valueBytes(element: WriteElement): Uint8Array {
	if (element.value instanceof Uint8Array) return even(element.value, 0);
	if (isSequence(element)) {
		const items = element.value.map((item) => {
			const body = writeDataset(item);
			const bytes = new Uint8Array(8 + body.length);
			const view = new DataView(bytes.buffer);
			view.setUint16(0, 0xfffe, true);
			view.setUint16(2, 0xe000, true);
			view.setUint32(4, body.length, true);
			bytes.set(body, 8);
			return bytes;
		});
		return concat(items);
	}
	const binary = BINARY[element.vr];
	if (binary !== undefined) {
		const numbers = element.value as readonly number[];
		const bytes = new Uint8Array(numbers.length * binary.size);
		const view = new DataView(bytes.buffer);
		numbers.forEach((value, index) => {
			binary.put(view, index * binary.size, value);
		});
		return bytes;
	}
	const text = typeof element.value === 'string' ? element.value : element.value.join('\\');
	return even(encoder.encode(text), element.vr === 'UI' ? 0 : 0x20);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
	const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}

/** The bytes before a value: tag, VR and length. `0xffffffff` = undefined length. */
export function elementHeader(tag: number, vr: string, length: number): Uint8Array {
	const long = LONG.has(vr);
	const bytes = new Uint8Array(long ? 12 : 8);
	const view = new DataView(bytes.buffer);
	view.setUint16(0, tag >>> 16, true);
	view.setUint16(2, tag & 0xffff, true);
	bytes[4] = vr.charCodeAt(0);
	bytes[5] = vr.charCodeAt(1);
	if (long) view.setUint32(8, length, true);
	else {
		if (length > 0xffff) throw new Error(`a ${vr} value of ${length} bytes does not fit its 16-bit length`);
		view.setUint16(6, length, true);
	}
	return bytes;
}

export function writeElement(element: WriteElement): Uint8Array {
	const value = valueBytes(element);
	return concat([elementHeader(element.tag, element.vr, value.length), value]);
}

/** Elements are written in the order of their tags whatever order they come in. */
export function writeDataset(elements: readonly WriteElement[]): Uint8Array {
	return concat([...elements].sort((a, b) => a.tag - b.tag).map(writeElement));
}

/** PS3.7 annex D: a UID of our own under 2.25 (ISO/IEC 9834-8), so no registration is claimed. */
export const IMPLEMENTATION_UID = '2.25.208411953873040823370221094526087414051';

/** Preamble, DICM and file meta information group. */
export function fileMeta(sopClass: string, sopInstance: string, transferSyntax: string): Uint8Array {
	const body = writeDataset([
		{ tag: 0x00020001, vr: 'OB', value: Uint8Array.of(0, 1) },
		{ tag: 0x00020002, vr: 'UI', value: sopClass },
		{ tag: 0x00020003, vr: 'UI', value: sopInstance },
		{ tag: 0x00020010, vr: 'UI', value: transferSyntax },
		{ tag: 0x00020012, vr: 'UI', value: IMPLEMENTATION_UID },
		{ tag: 0x00020013, vr: 'SH', value: 'TONGPING_1' }
	]);
	const preamble = new Uint8Array(132);
	preamble.set(encoder.encode('DICM'), 128);
	return concat([preamble, writeElement({ tag: 0x00020000, vr: 'UL', value: [body.length] }), body]);
}
