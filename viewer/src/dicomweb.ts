import type { Dataset } from './dicom-json.ts';
import { TAG, number, numbers, text } from './dicom-json.ts';
import { fetchPatiently, type RetryOptions } from './fetch.ts';
import { edgesOf, orderSlices, planeOf, type Edges, type Plane } from './geometry.ts';
import { firstPart, transferSyntaxOf } from './multipart.ts';

/** One picture of a stack. */
export interface Frame {
	readonly sop: string;
	/** counts from 1 inside its instance */
	readonly frame: number;
	readonly instance: number;
	readonly plane: Plane | null;
	readonly edges: Edges | null;
	readonly dataset: Dataset;
	readonly url: string;
}

/** A series as it is shown: the pictures of one kind and size in the order of space. */
export interface DisplaySet {
	readonly series: string;
	readonly number: number;
	readonly modality: string;
	readonly description: string;
	readonly frames: readonly Frame[];
	readonly frameOfReference: string | null;
	/** reading speed of a cine in pictures per second; null for stacks */
	readonly perSecond: number | null;
}

export interface SeriesEntry {
	readonly series: string;
	readonly number: number;
	readonly modality: string;
	readonly description: string;
	readonly instances: number;
}

export interface PixelData {
	readonly bytes: Uint8Array<ArrayBuffer>;
	/** of the bytes that arrived; null when the server did not say: then native little endian */
	readonly transferSyntax: string | null;
}

export interface DicomWeb {
	series(study: string, signal?: AbortSignal): Promise<readonly SeriesEntry[]>;
	displaySet(study: string, series: string, signal?: AbortSignal): Promise<DisplaySet>;
	frame(url: string, signal?: AbortSignal): Promise<PixelData>;
	/** Begins to fetch a series and one of its frames before anything can show them; the next request for each takes over what is under way. */
	ahead(study: string, series: string, frame: string | null): void;
}

const FRAMES_ACCEPT = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';

/** A DICOMweb client for one service root (`/dicomweb`), same origin, session by cookie. */
export function dicomWeb(root: string, options: RetryOptions = {}): DicomWeb {
	const json = async (url: string, signal?: AbortSignal): Promise<readonly Dataset[]> => {
		const response = await fetchPatiently(url, { headers: { accept: 'application/dicom+json' }, ...(signal && { signal }) }, options);
		if (response.status === 204) return [];
		const answer: unknown = await response.json();
		if (!Array.isArray(answer)) throw new Error('DICOM JSON is a list of objects');
		return answer.filter((entry): entry is Dataset => typeof entry === 'object' && entry !== null);
	};
	const sets = new Map<string, Promise<DisplaySet>>();
	const frames = new Map<string, Promise<PixelData>>();
	/** A promise somebody began earlier, once; what failed ahead is asked anew. */
	const taken = async <T>(begun: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> => {
		const early = begun.get(key);
		begun.delete(key);
		return early === undefined ? ask() : early.catch(ask);
	};
	const getFrame = async (url: string, signal?: AbortSignal): Promise<PixelData> => {
		const response = await fetchPatiently(url, { headers: { accept: FRAMES_ACCEPT }, ...(signal && { signal }) }, options);
		const contentType = response.headers.get('content-type') ?? '';
		const part = firstPart(new Uint8Array(await response.arrayBuffer()), contentType);
		return { bytes: part.bytes, transferSyntax: transferSyntaxOf(part.contentType) ?? transferSyntaxOf(contentType) };
	};
	const getSet = async (study: string, series: string, signal?: AbortSignal): Promise<DisplaySet> => {
		const base = `${root}/studies/${study}/series/${series}`;
		return displaySetOf(series, await json(`${base}/metadata`, signal), base);
	};
	return {
		async series(study, signal) {
			const found = await json(`${root}/studies/${study}/series?includefield=0008103E&includefield=00201209`, signal);
			const entries = found.map((entry) => ({
				series: text(entry, TAG.series) ?? '',
				number: number(entry, TAG.seriesNumber) ?? 0,
				modality: text(entry, TAG.modality) ?? '',
				description: text(entry, TAG.seriesDescription) ?? '',
				instances: number(entry, '00201209') ?? 0
			}));
			return entries.filter((entry) => entry.series !== '').sort((a, b) => a.number - b.number);
		},
		displaySet: (study, series, signal) => taken(sets, `${study}/${series}`, () => getSet(study, series, signal)),
		frame: (url, signal) => taken(frames, url, () => getFrame(url, signal)),
		ahead(study, series, frame) {
			const begun: Promise<unknown>[] = [];
			const set = getSet(study, series);
			sets.set(`${study}/${series}`, set);
			begun.push(set);
			if (frame !== null) {
				const pixels = getFrame(frame);
				frames.set(frame, pixels);
				begun.push(pixels);
			}
			// Whoever takes them over sees the failure; until then nobody is there to be told.
			for (const one of begun) one.catch(() => undefined);
		}
	};
}

/** Instances without pixels (reports, presentation states) are left out; a stack has one size, so strays of another size are left out too. */
export function displaySetOf(series: string, datasets: readonly Dataset[], base: string): DisplaySet {
	const first = datasets.find((dataset) => number(dataset, TAG.rows) !== null);
	const frames = datasets.flatMap((dataset): Frame[] => {
		const sop = text(dataset, TAG.sop);
		if (sop === null || number(dataset, TAG.rows) === null || number(dataset, TAG.columns) === null) return [];
		const count = Math.max(1, number(dataset, TAG.frames) ?? 1);
		return Array.from({ length: count }, (_, index) => ({
			sop,
			frame: index + 1,
			instance: number(dataset, TAG.instanceNumber) ?? 0,
			plane: planeOf(dataset, index + 1),
			edges: edgesOf(dataset, index + 1),
			dataset,
			url: `${base}/instances/${sop}/frames/${index + 1}`
		}));
	});
	const frameTime = first === undefined ? null : number(first, TAG.frameTime);
	const cine = frames.length > 1 && frames.every((frame) => frame.sop === frames[0]?.sop && frame.plane === null);
	return {
		series,
		number: (first && number(first, TAG.seriesNumber)) ?? 0,
		modality: (first && text(first, TAG.modality)) ?? '',
		description: (first && text(first, TAG.seriesDescription)) ?? '',
		frames: orderSlices(frames),
		frameOfReference: (first && text(first, TAG.frameOfReference)) ?? null,
		perSecond: cine ? 1000 / (frameTime !== null && frameTime > 0 ? frameTime : 66) : null
	};
}

/** Window presets that the file itself brings: centre and width in the units of the image. */
export function ownWindows(dataset: Dataset): readonly { readonly center: number; readonly width: number }[] {
	const centers = numbers(dataset, TAG.windowCenter) ?? [];
	const widths = numbers(dataset, TAG.windowWidth) ?? [];
	return centers.flatMap((center, index) => {
		const width = widths[index];
		return width !== undefined && width > 0 ? [{ center, width }] : [];
	});
}
