import { numbersOf, type DicomJson } from '../../dicom/json.ts';

/**
 * Colours of a PALETTE COLOR picture (PS3.3 C.7.6.3.1.5, C.7.9.2), plain or segmented, as 8-bit triples. Browsers read palettes of 8-bit
 * indices; those of 16 bits are turned into RGB when a frame is served.
 */
export interface Palette {
	/** the index of the first triple; lower ones take it too */
	readonly first: number;
	/** red, green, blue of each index, base64 */
	readonly colours: string;
}

const CHANNELS = [
	['00281101', '00281201', '00281221'],
	['00281102', '00281202', '00281222'],
	['00281103', '00281203', '00281223']
] as const;
const words = (base64: string): Uint16Array => {
	const bytes = Buffer.from(base64, 'base64');
	return Uint16Array.from({ length: bytes.length >> 1 }, (_, index) => bytes.readUInt16LE(index * 2));
};

/** Segments: 0 = values as they are, 1 = a straight line to a value, 2 = segments said before. Null when they do not make exactly `entries` values. */
export function expandSegments(data: Uint16Array, entries: number): Uint16Array | null {
	const out = new Uint16Array(entries);
	let filled = 0;
	const run = (at: number, segments: number, nested: boolean): boolean => {
		for (let count = 0; count < segments && at < data.length; count++) {
			const kind = data[at] as number;
			const length = data[at + 1] ?? 0;
			if (kind === 0) {
				if (filled + length > entries || at + 2 + length > data.length) return false;
				out.set(data.subarray(at + 2, at + 2 + length), filled);
				filled += length;
				at += 2 + length;
			} else if (kind === 1) {
				if (filled === 0 || filled + length > entries || at + 2 >= data.length) return false;
				const from = out[filled - 1] as number;
				const to = data[at + 2] as number;
				for (let step = 1; step <= length; step++) out[filled++] = Math.round(from + ((to - from) * step) / length);
				at += 3;
			} else if (kind === 2 && !nested) {
				const offset = ((data[at + 2] ?? 0) | ((data[at + 3] ?? 0) << 16)) >>> 1;
				if (!run(offset, length, true)) return false;
				at += 4;
			} else return false;
		}
		return true;
	};
	return run(0, data.length, false) && filled === entries ? out : null;
}

function channel(image: DicomJson, [descriptor, plain, segmented]: (typeof CHANNELS)[number]): { readonly first: number; readonly values: Uint8Array } | null {
	const [count, first, bits] = numbersOf(image, descriptor);
	if (count === undefined || first === undefined || (bits !== 8 && bits !== 16)) return null;
	const entries = count === 0 ? 65_536 : count;
	const short = image[segmented]?.InlineBinary;
	const long = image[plain]?.InlineBinary;
	const values = short !== undefined ? expandSegments(words(short), entries) : long !== undefined ? words(long) : null;
	if (values?.length !== entries) return null;
	return { first, values: Uint8Array.from(values, (value) => (bits === 16 ? value >> 8 : value)) };
}

export function paletteOf(image: DicomJson): Palette | null {
	const [red, green, blue] = CHANNELS.map((tags) => channel(image, tags));
	if (!red || !green || !blue || red.values.length !== green.values.length || red.values.length !== blue.values.length) return null;
	const colours = Buffer.alloc(red.values.length * 3);
	for (let index = 0; index < red.values.length; index++) colours.set([red.values[index] ?? 0, green.values[index] ?? 0, blue.values[index] ?? 0], index * 3);
	return { first: red.first, colours: colours.toString('base64') };
}

/** 16-bit indices to RGB. `target` has three bytes a pixel. */
export function paint(indices: Buffer, { first, colours }: Palette, target: Buffer): void {
	const table = Buffer.from(colours, 'base64');
	const last = table.length / 3 - 1;
	for (let pixel = 0; pixel * 2 + 1 < indices.length; pixel++) {
		const index = Math.min(last, Math.max(0, indices.readUInt16LE(pixel * 2) - first));
		target[pixel * 3] = table[index * 3] as number;
		target[pixel * 3 + 1] = table[index * 3 + 1] as number;
		target[pixel * 3 + 2] = table[index * 3 + 2] as number;
	}
}

/** What the served frames of such a picture are. The file as received stays as it is. */
export function asRgb(image: DicomJson): DicomJson {
	const drop = new Set(['00281101', '00281102', '00281103', '00281199', '00281201', '00281202', '00281203', '00281221', '00281222', '00281223']);
	return {
		...Object.fromEntries(Object.entries(image).filter(([tag]) => !drop.has(tag))),
		'00280002': { vr: 'US', Value: [3] },
		'00280004': { vr: 'CS', Value: ['RGB'] },
		'00280006': { vr: 'US', Value: [0] },
		'00280100': { vr: 'US', Value: [8] },
		'00280101': { vr: 'US', Value: [8] },
		'00280102': { vr: 'US', Value: [7] },
		'00280103': { vr: 'US', Value: [0] }
	};
}
