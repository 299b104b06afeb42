import { newId } from '@tongping/domain/kernel';
import { frameUrl, type SeriesView, type StudyView } from '@tongping/domain/imaging';
import type { StackView, ViewEvent } from '@tongping/viewer';
import { type DicomWeb, type DisplaySet, type Frame } from '@tongping/viewer/dicomweb';
import { worldToPixel, pixelToWorld, type Pixel } from '@tongping/viewer/geometry';
import { SharedReading, type Annotation, type Lead, type Mode, type Participant, type SessionEvent, type SharedView } from '@tongping/viewer/session';
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import { linesOf, type Line } from './lengths.ts';
import { presetsFor, type Preset } from './presets.ts';

export type Tool = 'window' | 'scroll' | 'zoom' | 'pan' | 'length';
export type Phase = { readonly kind: 'opening' } | { readonly kind: 'ready' } | { readonly kind: 'failed'; readonly status: number | null };
type ViewerDoor = typeof import('@tongping/viewer');

const statusOf = (problem: unknown): number | null =>
	typeof problem === 'object' && problem !== null && 'status' in problem && typeof problem.status === 'number' ? problem.status : null;

/** The picture a stack opens with, if it is plain single frames: its address is known before any metadata. */
function middleFrame(study: StudyView, series: SeriesView): string | null {
	const shown = series.instances.filter(({ frames }) => frames > 0);
	const middle = shown[Math.floor((shown.length - 1) / 2)];
	return middle === undefined || shown.some(({ frames }) => frames !== 1) ? null : frameUrl(study.studyUid, series.seriesUid, middle.sopUid, 1);
}

/** The reader's desk: one study, one picture in front, the others who look at it. Components show it and call it; it knows no markup. */
export class Desk {
	study = $state.raw<StudyView>() as StudyView;
	tool = $state<Tool>('window');
	pointing = $state(false);
	phase = $state.raw<Phase>({ kind: 'opening' });
	set = $state.raw<DisplaySet | null>(null);
	series = $state('');
	index = $state(-1);
	loaded = $state(0);
	failed = $state.raw<readonly number[]>([]);
	window = $state.raw({ lower: 0, upper: 255 });
	own = $state.raw<{ readonly lower: number; readonly upper: number } | null>(null);
	inverted = $state(false);
	zoom = $state(1);
	/** counts every change of what is on the screen: overlays are placed anew when it rises */
	revision = $state(0);
	/** the picture (0-based) that could not be had while the last good one stays */
	refusedPicture = $state<number | null>(null);
	drawing = $state.raw<Annotation | null>(null);
	selected = $state<string | null>(null);
	people = $state.raw<readonly Participant[]>([]);
	annotations = $state.raw<readonly Annotation[]>([]);
	lead = $state.raw<Lead | null>(null);
	mode = $state<Mode>('free');

	readonly presets: readonly Preset[] = $derived(presetsFor(this.set?.modality ?? '', this.own));
	readonly lines: readonly Line[] = $derived(linesOf(this.annotations, this.study.measurements));
	readonly frame: Frame | null = $derived(this.set?.frames[this.index] ?? null);
	readonly total = $derived(this.set?.frames.length ?? 0);

	readonly #client: DicomWeb;
	readonly #me: { readonly id: string; readonly name: string };
	#door: Promise<ViewerDoor>;
	#element: HTMLDivElement | null = null;
	#view: StackView | null = null;
	#session: SharedReading | null = null;
	#opening = 0;
	/** Read once while this desk stands: neither metadata nor pictures are fetched again for going back to a series. */
	readonly #sets = new Map<string, DisplaySet>();
	#forget: (() => void) | null = null;

	constructor(study: StudyView, me: { readonly id: string; readonly name: string }, client: DicomWeb, door: Promise<ViewerDoor>) {
		this.study = study;
		this.#me = me;
		this.#client = client;
		this.#door = door;
		const first = study.seriesList.find((series) => series.instances.some(({ frames }) => frames > 0));
		this.series = first?.seriesUid ?? '';
		if (first !== undefined) client.ahead(study.studyUid, first.seriesUid, middleFrame(study, first));
	}

	/** Puts the pictures into an element; the returned function takes them out again. */
	mount(element: HTMLDivElement): () => void {
		this.#element = element;
		void this.open(this.series);
		return () => {
			this.#opening++;
			this.#view?.close();
			this.#view = null;
			this.#element = null;
			this.#forget?.();
			this.#sets.clear();
		};
	}
	join(room: { readonly doc: Y.Doc; readonly awareness: Awareness }): () => void {
		const session = new SharedReading({ ...room, me: this.#me, listener: (event) => this.#heard(event) });
		this.#session = session;
		this.#refresh();
		this.#publish();
		const presented = session.mode === 'follow' ? session.presented() : null;
		if (presented !== null) void this.#apply(presented);
		return () => {
			session.close();
			this.#session = null;
		};
	}

	async open(series: string, at?: SharedView): Promise<void> {
		const element = this.#element;
		if (element === null || series === '') return;
		const turn = ++this.#opening;
		this.series = series;
		this.phase = { kind: 'opening' };
		try {
			const [door, set] = await Promise.all([this.#door, this.#setOf(series)]);
			if (turn !== this.#opening) return;
			if (set.frames.length === 0) throw Object.assign(new Error('this series holds no pictures'), { status: 204 });
			this.#view?.close();
			const view = new door.StackView(element, set, this.#client, { listener: (event) => this.#seen(view, event) });
			this.#view = view;
			this.#forget = () => this.#sets.forEach((one) => door.forgetPictures(one));
			this.set = set;
			this.index = -1;
			this.loaded = 0;
			this.failed = [];
			this.refusedPicture = null;
			await view.open(at);
			if (turn !== this.#opening) return;
			this.own = view.ownWindow();
			this.phase = { kind: 'ready' };
			// While this opened the presenter went on: what counts is where she is now.
			const now = this.#session?.mode === 'follow' ? this.#session.presented() : null;
			if (now !== null && now.series !== series) return await this.open(now.series, now);
			const wanted = now ?? at;
			if (wanted !== undefined) await view.apply(wanted);
			this.#read(view);
			this.#publish();
		} catch (problem) {
			if (turn === this.#opening) this.phase = { kind: 'failed', status: statusOf(problem) };
		}
	}
	retry(): void {
		void this.open(this.series);
	}

	// What the reader does by hand ends following: two hands on one wheel help nobody.
	#byHand(): void {
		if (this.#session?.mode === 'follow') this.#session.free();
	}
	scroll(steps: number): void {
		this.#byHand();
		void this.#view?.scroll(steps);
	}
	goTo(index: number): void {
		this.#byHand();
		void this.#view?.goTo(index);
	}
	setWindow(lower: number, upper: number): void {
		this.#byHand();
		this.#view?.setWindow(lower, upper);
	}
	usePreset(preset: Preset): void {
		this.setWindow(preset.center - preset.width / 2, preset.center + preset.width / 2);
	}
	zoomBy(factor: number, at?: readonly [number, number]): void {
		this.#byHand();
		this.#view?.zoomBy(factor, at);
	}
	panBy(dx: number, dy: number): void {
		this.#byHand();
		this.#view?.panBy(dx, dy);
	}
	invert(): void {
		this.#byHand();
		this.#view?.invert();
	}
	fit(): void {
		this.#byHand();
		this.#view?.fit();
	}
	reset(): void {
		this.#byHand();
		this.#view?.reset();
	}
	choose(series: string): void {
		if (series === this.series) return;
		this.#byHand();
		void this.open(series);
	}

	toCanvas(pixel: Pixel): readonly [number, number] | null {
		return this.#view === null || this.index === -1 ? null : this.#view.toCanvas(pixel);
	}
	toPixel(at: readonly [number, number]): Pixel | null {
		return this.#view === null || this.index === -1 ? null : this.#view.toPixel(at);
	}
	inside([x, y]: Pixel): boolean {
		const size = this.#view?.size;
		return size !== undefined && x >= -0.5 && y >= -0.5 && x <= size.columns - 0.5 && y <= size.rows - 0.5;
	}

	startLine(pixel: Pixel): void {
		const frame = this.frame;
		if (frame === null || !this.study.rights.draw || !this.inside(pixel)) return;
		this.drawing = {
			id: newId(),
			tool: 'length',
			series: this.series,
			sop: frame.sop,
			frame: frame.frame,
			points: [pixel, pixel],
			label: '',
			author: this.#me.id,
			authorName: this.#me.name,
			createdAt: Date.now()
		};
	}
	moveLine(pixel: Pixel): void {
		if (this.drawing === null || !this.inside(pixel)) return;
		this.drawing = { ...this.drawing, points: [this.drawing.points[0], pixel] };
		this.#session?.preview(this.drawing);
	}
	/** A press without a move is a slip, not a line. */
	finishLine(): void {
		const line = this.drawing;
		this.drawing = null;
		if (line === null) return;
		const [a, b] = line.points;
		if (Math.hypot(a[0] - b[0], a[1] - b[1]) < 1) return this.#session?.preview(null);
		this.selected = line.id;
		this.#session?.add(line);
	}
	dropLine(): void {
		this.drawing = null;
		this.#session?.preview(null);
	}
	moveHandle(id: string, handle: 0 | 1, pixel: Pixel): void {
		if (this.inside(pixel)) this.#session?.moveHandle(id, handle, pixel);
	}
	removeLine(id: string): void {
		this.#session?.remove(id);
	}
	renameLine(id: string, label: string): void {
		this.#session?.rename(id, label);
	}
	jumpTo(line: Pick<Line, 'sop' | 'frame' | 'series' | 'id'>): void {
		this.#byHand();
		this.selected = line.id;
		const index = this.#view?.indexOf(line.sop, line.frame) ?? null;
		if (index !== null) return void this.#view?.goTo(index);
		const series = line.series ?? this.study.seriesList.find((one) => one.instances.some(({ sopUid }) => sopUid === line.sop))?.seriesUid;
		if (series !== undefined) void this.#openAt(series, line.sop, line.frame);
	}
	layerOf(sop: string, frame: number): number | null {
		const index = this.set?.frames.findIndex((one) => one.sop === sop && one.frame === frame) ?? -1;
		return index === -1 ? null : index + 1;
	}
	point(pixel: Pixel | null): void {
		const frame = this.frame;
		if (pixel === null || frame === null || !this.pointing || !this.inside(pixel)) return this.#session?.point(null);
		this.#session?.point({ sop: frame.sop, frame: frame.frame, pixel, world: frame.plane === null ? null : pixelToWorld(frame.plane, pixel) });
	}
	/** Where somebody's pointer lies on this picture: by its place in the patient where there is one; null when it lies on another slice. */
	place(person: Participant): Pixel | null {
		const { pointer } = person;
		const frame = this.frame;
		if (pointer === null || frame === null) return null;
		if (pointer.sop === frame.sop && pointer.frame === frame.frame) return pointer.pixel;
		if (pointer.world === null || frame.plane === null) return null;
		const { pixel, distance } = worldToPixel(frame.plane, pointer.world);
		return Math.abs(distance) <= this.#halfGap() ? pixel : null;
	}
	takeLead(): void {
		this.#session?.takeLead();
	}
	handOver(to: Participant): void {
		this.#session?.handOver(to);
	}
	follow(): void {
		this.#session?.follow();
	}
	free(): void {
		this.#session?.free();
	}
	undo(): void {
		this.#session?.undo();
	}

	/** A series that has grown meanwhile is another one. */
	async #setOf(series: string): Promise<DisplaySet> {
		const key = `${series}/${this.study.seriesList.find(({ seriesUid }) => seriesUid === series)?.instances.length ?? 0}`;
		const known = this.#sets.get(key);
		if (known !== undefined) return known;
		const set = await this.#client.displaySet(this.study.studyUid, series);
		if (set.frames.length > 0) this.#sets.set(key, set);
		return set;
	}
	async #openAt(series: string, sop: string, frame: number): Promise<void> {
		await this.open(series);
		const index = this.#view?.indexOf(sop, frame) ?? null;
		if (index !== null) await this.#view?.goTo(index);
	}
	#halfGap(): number {
		const here = this.frame?.plane;
		const next = this.set?.frames[this.index + 1]?.plane ?? this.set?.frames[this.index - 1]?.plane;
		return here == null || next == null ? 0.5 : Math.max(0.25, Math.abs(worldToPixel(here, next.origin).distance) / 2);
	}
	#seen(view: StackView, event: ViewEvent): void {
		if (view !== this.#view) return;
		switch (event.type) {
			case 'progress':
				this.loaded = event.loaded;
				this.failed = event.failed;
				return;
			case 'failed':
				this.refusedPicture = event.index;
				return;
			case 'wanted':
				return this.#publish();
			case 'picture':
				this.refusedPicture = null;
				return this.#read(view);
			case 'moved':
			case 'window':
				this.#publish();
				this.#read(view);
		}
	}
	#read(view: StackView): void {
		this.index = view.index;
		this.window = view.window;
		this.inverted = view.inverted;
		this.zoom = view.zoom;
		this.revision++;
	}
	#publish(): void {
		const state = this.#view?.state();
		if (state != null) this.#session?.show({ ...state, series: this.series });
	}
	async #apply(view: SharedView): Promise<void> {
		if (this.#element === null) return;
		if (view.series !== this.series) await this.open(view.series, view);
		else if (this.phase.kind === 'ready') {
			await this.#view?.apply(view);
			if (this.#view) this.#read(this.#view);
		}
	}
	#heard(event: SessionEvent): void {
		switch (event.type) {
			case 'follow':
				void this.#apply(event.view);
				return;
			case 'people':
			case 'lead':
			case 'mode':
			case 'annotations':
				this.#refresh();
		}
	}
	#refresh(): void {
		const session = this.#session;
		if (session === null) return;
		this.people = session.people();
		this.annotations = session.annotations();
		this.lead = session.lead;
		this.mode = session.mode;
		this.revision++;
	}
}
