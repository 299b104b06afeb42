import { Enums, RenderingEngine, cache, eventTarget, getConfiguration, imageLoader, init, setUseCPURendering, type Types } from '@cornerstonejs/core';
import { TAG, number } from './dicom-json.ts';
import type { DicomWeb, DisplaySet, Frame } from './dicomweb.ts';
import { pixelToWorld, worldToPixel, type Pixel, type Plane } from './geometry.ts';
import { registerImages } from './images.ts';
import { imageIdOf, provideMetadata, register, unregister, windowOf } from './metadata.ts';
import { Prefetch } from './prefetch.ts';
import { detectBackend, type Backend } from './render.ts';

/** What one viewer sees, free of window size and of this machine: sent as it is to those who follow. */
export interface ViewState {
	readonly sop: string;
	readonly frame: number;
	/** in the units of the image (HU for CT) */
	readonly lower: number;
	readonly upper: number;
	readonly invert: boolean;
	/** 1 = the whole picture fits the window */
	readonly zoom: number;
	/** the pixel in the middle of the window */
	readonly centre: Pixel;
}

export type ViewEvent =
	/** somebody asked for this picture: told before it is drawn, so that those who follow need not wait for this screen */
	| { readonly type: 'wanted'; readonly index: number }
	| { readonly type: 'picture'; readonly index: number }
	| { readonly type: 'moved' }
	| { readonly type: 'window' }
	| { readonly type: 'progress'; readonly loaded: number; readonly failed: readonly number[]; readonly total: number }
	/** the picture wanted could not be had; the last good one stays */
	| { readonly type: 'failed'; readonly index: number; readonly problem: unknown };

export interface StackViewOptions {
	readonly backend?: Backend;
	/** memory for pictures, bytes; default 768 MB */
	readonly memory?: number;
	listener(event: ViewEvent): void;
}

const NOWHERE: Plane = { origin: [0, 0, 0], row: [1, 0, 0], column: [0, 1, 0], spacing: { x: 1, y: 1 } };
const ZOOM = { least: 0.2, most: 40 } as const;
let opened = 0;
let chosen: Backend | null = null;

function prepare(client: DicomWeb, backend: Backend | undefined): Backend {
	if (chosen === null) {
		chosen = backend ?? detectBackend();
		const defaults = getConfiguration();
		init({ ...defaults, rendering: { ...defaults.rendering, useCPURendering: chosen === 'cpu', webGlContextCount: 1 } });
		setUseCPURendering(chosen === 'cpu');
		provideMetadata();
	}
	registerImages(client);
	return chosen;
}

/** Frees the memory of a series. The browser keeps no copy either (`no-store`): what is forgotten here is gone from this machine. */
export function forgetPictures(set: DisplaySet): void {
	const imageIds = set.frames.map(imageIdOf);
	for (const imageId of imageIds) if (cache.getImageLoadObject(imageId)) cache.removeImageLoadObject(imageId, { force: true });
	unregister(imageIds);
}

/** One series in one window. All coordinates it takes and gives are pixels of the picture (`Pixel`) or CSS pixels of the window. */
export class StackView {
	readonly backend: Backend;
	readonly set: DisplaySet;
	readonly #element: HTMLDivElement;
	readonly #listener: (event: ViewEvent) => void;
	readonly #imageIds: readonly string[];
	readonly #engine: RenderingEngine;
	readonly #viewport: Types.IStackViewport;
	readonly #prefetch: Prefetch;
	readonly #observer: ResizeObserver;
	#shown = -1;
	#wanted: number;
	#voi: { lower: number; upper: number } | null = null;
	#invert = false;
	#zoom = 1;
	#centre: Pixel = [0, 0];
	#closed = false;

	constructor(element: HTMLDivElement, set: DisplaySet, client: DicomWeb, options: StackViewOptions) {
		this.backend = prepare(client, options.backend);
		this.set = set;
		this.#element = element;
		this.#listener = options.listener;
		this.#imageIds = register(set.frames);
		this.#wanted = Math.floor((set.frames.length - 1) / 2);
		const memory = options.memory ?? 768 * 2 ** 20;
		cache.setMaxCacheSize(memory);
		this.#prefetch = new Prefetch({
			count: set.frames.length,
			budget: Math.max(8, Math.floor((memory * 0.9) / this.#bytesOfFrame())),
			load: async (index) => {
				await imageLoader.loadAndCacheImage(this.#idAt(index));
			},
			changed: () => this.#progress()
		});
		const id = `reading-${++opened}`;
		this.#engine = new RenderingEngine(id);
		this.#engine.enableElement({ viewportId: id, element, type: Enums.ViewportType.STACK, defaultOptions: { background: [0, 0, 0] } });
		// Cornerstone takes its element out of the tab order; a reader without a mouse must get in.
		element.tabIndex = 0;
		this.#viewport = this.#engine.getViewport<Types.IStackViewport>(id);
		this.#observer = new ResizeObserver(() => this.#resized());
		eventTarget.addEventListener(Enums.Events.IMAGE_CACHE_IMAGE_REMOVED, this.#evicted);
	}

	/** Shows the middle picture (or the one named) and begins to fetch the others. Rejects if this first picture cannot be had. */
	async open(first?: { readonly sop: string; readonly frame: number }): Promise<void> {
		const index = first === undefined ? this.#wanted : (this.indexOf(first.sop, first.frame) ?? this.#wanted);
		this.#wanted = index;
		await this.#prefetch.want(index);
		if (this.#closed) return;
		await this.#viewport.setStack([...this.#imageIds], index);
		if (this.#closed) return;
		this.#shown = index;
		const { rows, columns } = this.size;
		this.#centre = [(columns - 1) / 2, (rows - 1) / 2];
		this.#voi = this.ownWindow() ?? this.#viewport.getProperties().voiRange ?? null;
		this.#invert = this.#viewport.getProperties().invert ?? false;
		this.#draw();
		this.#observer.observe(this.#element);
		this.#listener({ type: 'picture', index });
		this.#prefetch.look(index);
	}
	/** The pictures stay in memory for whoever comes back to this series, until `forgetPictures`. */
	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#prefetch.stop();
		this.#observer.disconnect();
		eventTarget.removeEventListener(Enums.Events.IMAGE_CACHE_IMAGE_REMOVED, this.#evicted);
		this.#engine.destroy();
	}

	get index(): number {
		return this.#shown;
	}
	get frame(): Frame | undefined {
		return this.set.frames[this.#shown];
	}
	get size(): { readonly rows: number; readonly columns: number } {
		const dataset = (this.frame ?? this.set.frames[0])?.dataset ?? {};
		return { rows: number(dataset, TAG.rows) ?? 1, columns: number(dataset, TAG.columns) ?? 1 };
	}
	get window(): { readonly lower: number; readonly upper: number } {
		return this.#voi ?? { lower: 0, upper: 255 };
	}
	get inverted(): boolean {
		return this.#invert;
	}
	get zoom(): number {
		return this.#zoom;
	}
	indexOf(sop: string, frame: number): number | null {
		const index = this.set.frames.findIndex((one) => one.sop === sop && one.frame === frame);
		return index === -1 ? null : index;
	}
	/** the window the file itself asks for */
	ownWindow(): { lower: number; upper: number } | null {
		const frame = this.frame;
		const own = frame === undefined ? null : windowOf(frame.dataset, frame.frame);
		return own === null ? null : { lower: own.center - own.width / 2, upper: own.center + own.width / 2 };
	}

	/** Goes to a picture. Until it is there the last good one stays; a later call overtakes an earlier one. Never rejects: what fails is told as `failed`. */
	async goTo(index: number): Promise<void> {
		const target = Math.min(this.set.frames.length - 1, Math.max(0, index));
		this.#wanted = target;
		if (target !== this.#shown) this.#listener({ type: 'wanted', index: target });
		this.#prefetch.look(target);
		try {
			if (this.#prefetch.state(target) !== 'loaded') await this.#prefetch.want(target);
			if (this.#closed || this.#wanted !== target || this.#shown === target) return;
			await this.#viewport.setImageIdIndex(target);
			if (this.#closed || this.#wanted !== target) return;
		} catch (problem) {
			if (!this.#closed && this.#wanted === target) this.#listener({ type: 'failed', index: target, problem });
			return;
		}
		this.#shown = target;
		this.#draw();
		this.#listener({ type: 'picture', index: target });
	}
	/** From where the reader wants to be, not from what has arrived: fast wheels must not lose steps. */
	scroll(steps: number): Promise<void> {
		return this.goTo(this.#wanted + steps);
	}
	setWindow(lower: number, upper: number): void {
		if (!(upper - lower >= 1)) return;
		this.#voi = { lower, upper };
		this.#draw();
		this.#listener({ type: 'window' });
	}
	invert(): void {
		this.#invert = !this.#invert;
		this.#draw();
		this.#listener({ type: 'window' });
	}
	/** Keeps the pixel under `at` (CSS pixels of the window) in its place. */
	zoomBy(factor: number, at?: readonly [number, number]): void {
		const before = at === undefined ? null : this.toPixel(at);
		this.#zoom = Math.min(ZOOM.most, Math.max(ZOOM.least, this.#zoom * factor));
		this.#draw();
		if (before !== null && at !== undefined) {
			const after = this.toPixel(at);
			this.#centre = [this.#centre[0] + before[0] - after[0], this.#centre[1] + before[1] - after[1]];
			this.#draw();
		}
		this.#listener({ type: 'moved' });
	}
	panBy(dx: number, dy: number): void {
		const from = this.toPixel([0, 0]);
		const to = this.toPixel([dx, dy]);
		this.#centre = [this.#centre[0] + from[0] - to[0], this.#centre[1] + from[1] - to[1]];
		this.#draw();
		this.#listener({ type: 'moved' });
	}
	fit(): void {
		const { rows, columns } = this.size;
		this.#zoom = 1;
		this.#centre = [(columns - 1) / 2, (rows - 1) / 2];
		this.#draw();
		this.#listener({ type: 'moved' });
	}
	/** as opened: fitted, with the file's own window */
	reset(): void {
		this.#voi = this.ownWindow() ?? this.#voi;
		this.#invert = false;
		this.fit();
		this.#listener({ type: 'window' });
	}

	/** What the reader looks at, or is about to: the picture on its way counts as seen. */
	state(): ViewState | null {
		const frame = this.#shown === -1 ? undefined : this.set.frames[this.#wanted];
		if (frame === undefined) return null;
		return { sop: frame.sop, frame: frame.frame, ...this.window, invert: this.#invert, zoom: this.#zoom, centre: this.#centre };
	}
	/** Takes over what somebody else sees. False when the picture is not in this series. */
	async apply(state: ViewState): Promise<boolean> {
		const index = this.indexOf(state.sop, state.frame);
		if (index === null) return false;
		this.#voi = { lower: state.lower, upper: state.upper };
		this.#invert = state.invert;
		this.#zoom = Math.min(ZOOM.most, Math.max(ZOOM.least, state.zoom));
		this.#centre = [state.centre[0], state.centre[1]];
		if (index !== this.#shown || index !== this.#wanted) await this.goTo(index);
		else this.#draw();
		return true;
	}

	toCanvas(pixel: Pixel): readonly [number, number] {
		const [x, y] = this.#viewport.worldToCanvas([...pixelToWorld(this.#plane(), this.#drawn(pixel, 1))]);
		return [x, y];
	}
	toPixel(at: readonly [number, number]): Pixel {
		const [x, y, z] = this.#viewport.canvasToWorld([at[0], at[1]]);
		return this.#drawn(worldToPixel(this.#plane(), [x, y, z]).pixel, -1);
	}

	// Cornerstone's canvas path counts from the corner of the first pixel, its WebGL path and DICOM from the centre.
	#drawn([x, y]: Pixel, sign: 1 | -1): Pixel {
		const half = this.backend === 'cpu' ? 0.5 * sign : 0;
		return [x + half, y + half];
	}
	#plane(): Plane {
		return this.frame?.plane ?? NOWHERE;
	}
	#idAt(index: number): string {
		const imageId = this.#imageIds[index];
		if (imageId === undefined) throw new RangeError(`no picture ${index}`);
		return imageId;
	}
	#bytesOfFrame(): number {
		const { rows, columns } = this.size;
		return Math.max(1, rows * columns * 4);
	}
	/** half the height of the window in mm when the whole picture fits */
	#fitScale(): number {
		const { rows, columns } = this.size;
		const { spacing } = this.#plane();
		const aspect = this.#element.clientWidth / Math.max(1, this.#element.clientHeight);
		return Math.max(rows * spacing.y, (columns * spacing.x) / aspect) / 2;
	}
	#draw(): void {
		if (this.#closed || this.#shown === -1) return;
		if (this.#voi !== null) this.#viewport.setProperties({ voiRange: { ...this.#voi }, invert: this.#invert });
		const camera = this.#viewport.getCamera();
		const focal = pixelToWorld(this.#plane(), this.#drawn(this.#centre, 1));
		const parallelScale = this.#fitScale() / this.#zoom;
		if (this.backend === 'cpu' || camera.position === undefined || camera.focalPoint === undefined) {
			this.#viewport.setCamera({ focalPoint: [...focal] });
			this.#viewport.setCamera({ parallelScale });
		} else {
			const [px, py, pz] = camera.position;
			const [fx, fy, fz] = camera.focalPoint;
			this.#viewport.setCamera({ focalPoint: [...focal], position: [focal[0] + px - fx, focal[1] + py - fy, focal[2] + pz - fz], parallelScale });
		}
		this.#viewport.render();
	}
	#resized(): void {
		if (this.#closed || this.#shown === -1 || this.#element.clientWidth < 2 || this.#element.clientHeight < 2) return;
		this.#engine.resize(true, true);
		this.#draw();
		this.#listener({ type: 'moved' });
	}
	#progress(): void {
		if (this.#closed) return;
		this.#listener({ type: 'progress', loaded: this.#prefetch.loaded, failed: this.#prefetch.failed, total: this.set.frames.length });
	}
	readonly #evicted = (event: Event): void => {
		const detail: unknown = event instanceof CustomEvent ? event.detail : null;
		const imageId = typeof detail === 'object' && detail !== null && 'imageId' in detail ? detail.imageId : null;
		const index = typeof imageId === 'string' ? this.#imageIds.indexOf(imageId) : -1;
		if (index !== -1) this.#prefetch.forget(index);
	};
}
