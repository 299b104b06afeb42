import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { Pixel, Vec3 } from './geometry.ts';
import type { ViewState } from './viewport.ts';

/** What the presenter sees, with the series it belongs to. */
export interface SharedView extends ViewState {
	readonly series: string;
}
/** Where somebody points: on one picture, and in the patient where the picture has a place there. */
export interface Pointer {
	readonly sop: string;
	readonly frame: number;
	readonly pixel: Pixel;
	readonly world: Vec3 | null;
}
export interface Annotation {
	readonly id: string;
	readonly tool: 'length';
	readonly series: string;
	readonly sop: string;
	readonly frame: number;
	readonly points: readonly [Pixel, Pixel];
	readonly label: string;
	readonly author: string;
	readonly authorName: string;
	readonly createdAt: number;
}
export type Mode = 'lead' | 'follow' | 'free';
export interface Lead {
	readonly user: string;
	readonly name: string;
	readonly client: number;
	/** rises with every change of presenter */
	readonly epoch: number;
}
export interface Participant {
	readonly client: number;
	readonly user: string;
	readonly name: string;
	/** colour of presence, in order of arrival */
	readonly slot: number;
	readonly self: boolean;
	readonly mode: Mode;
	readonly pointer: Pointer | null;
	/** a line being drawn just now, not yet in the document */
	readonly drawing: Annotation | null;
	readonly at: { readonly series: string; readonly sop: string; readonly frame: number } | null;
}
export type SessionEvent =
	/** apply this; it is newer than anything told before */
	| { readonly type: 'follow'; readonly view: SharedView }
	| { readonly type: 'people' }
	| { readonly type: 'lead' }
	| { readonly type: 'mode' }
	| { readonly type: 'annotations' };

export interface SessionOptions {
	readonly doc: Y.Doc;
	readonly awareness: Awareness;
	readonly me: { readonly id: string; readonly name: string };
	listener(event: SessionEvent): void;
	/** ms between two messages of one gesture */
	readonly intervalMs?: number;
	/** how long after joining a presenter who is already there is followed unasked */
	readonly graceMs?: number;
}

interface Sent {
	readonly epoch: number;
	readonly seq: number;
	readonly view: SharedView;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isPixel = (value: unknown): value is Pixel => Array.isArray(value) && value.length === 2 && value.every(isNumber);
const isTriple = (value: unknown): value is Vec3 => Array.isArray(value) && value.length === 3 && value.every(isNumber);

// Everything below came over the wire from somebody else's browser: read it as data, believe nothing of its shape.
function readView(value: unknown): SharedView | null {
	if (!isRecord(value)) return null;
	const { series, sop, frame, lower, upper, invert, zoom, centre } = value;
	if (typeof series !== 'string' || typeof sop !== 'string' || !isNumber(frame) || !isNumber(lower) || !isNumber(upper) || !isNumber(zoom) || !isPixel(centre))
		return null;
	return upper > lower && zoom > 0 ? { series, sop, frame, lower, upper, invert: invert === true, zoom, centre } : null;
}
function readSent(value: unknown): Sent | null {
	if (!isRecord(value) || !isNumber(value.epoch) || !isNumber(value.seq)) return null;
	const view = readView(value.view);
	return view === null ? null : { epoch: value.epoch, seq: value.seq, view };
}
function readPointer(value: unknown): Pointer | null {
	if (!isRecord(value) || typeof value.sop !== 'string' || !isNumber(value.frame) || !isPixel(value.pixel)) return null;
	return { sop: value.sop, frame: value.frame, pixel: value.pixel, world: isTriple(value.world) ? value.world : null };
}
function readAnnotation(id: string, value: unknown): Annotation | null {
	const at = (key: string): unknown => (value instanceof Y.Map ? value.get(key) : isRecord(value) ? value[key] : undefined);
	const [series, sop, frame, p0, p1] = [at('series'), at('sop'), at('frame'), at('p0'), at('p1')];
	if (at('tool') !== 'length' || at('deletedBy') !== undefined) return null;
	if (typeof series !== 'string' || typeof sop !== 'string' || !isNumber(frame) || !isPixel(p0) || !isPixel(p1)) return null;
	const word = (key: string): string => {
		const found = at(key);
		return typeof found === 'string' ? found : '';
	};
	const createdAt = at('createdAt');
	return {
		id,
		tool: 'length',
		series,
		sop,
		frame,
		points: [
			[p0[0], p0[1]],
			[p1[0], p1[1]]
		],
		label: word('label'),
		author: word('author'),
		authorName: word('authorName'),
		createdAt: isNumber(createdAt) ? createdAt : 0
	};
}
function readLead(value: unknown): Lead | null {
	if (!isRecord(value) || !isNumber(value.epoch) || !isNumber(value.client) || typeof value.user !== 'string' || typeof value.name !== 'string') return null;
	return { user: value.user, name: value.name, client: value.client, epoch: value.epoch };
}

/**
 * Several people in front of the same pictures. Views and pointers travel as presence and are gone with the person;
 * lines drawn are kept in the document; who presents is one entry of it with a rising epoch.
 */
export class SharedReading {
	readonly #doc: Y.Doc;
	readonly #awareness: Awareness;
	readonly #me: { readonly id: string; readonly name: string };
	readonly #listener: (event: SessionEvent) => void;
	readonly #annotations: Y.Map<unknown>;
	readonly #presenter: Y.Map<unknown>;
	readonly #undo: Y.UndoManager;
	readonly #intervalMs: number;
	readonly #graceUntil: number;
	#mode: Mode = 'free';
	#chosen = false;
	#seq = 0;
	#view: SharedView | null = null;
	#applied = { client: -1, epoch: -1, seq: -1 };
	#pending: Record<string, unknown> = {};
	#timer: ReturnType<typeof setTimeout> | null = null;
	#lastSent = 0;

	constructor(options: SessionOptions) {
		this.#doc = options.doc;
		this.#awareness = options.awareness;
		this.#me = options.me;
		this.#listener = options.listener;
		this.#intervalMs = options.intervalMs ?? 33;
		this.#graceUntil = Date.now() + (options.graceMs ?? 3_000);
		this.#annotations = this.#doc.getMap('annotations');
		this.#presenter = this.#doc.getMap('presenter');
		this.#undo = new Y.UndoManager(this.#annotations, { trackedOrigins: new Set([this]) });
		this.#awareness.setLocalState({ ...this.#awareness.getLocalState(), user: { id: options.me.id, name: options.me.name }, mode: this.#mode });
		this.#awareness.on('change', this.#changed);
		this.#presenter.observe(this.#led);
		this.#annotations.observeDeep(this.#drawn);
		this.#evaluate();
	}
	close(): void {
		if (this.#timer !== null) clearTimeout(this.#timer);
		this.#awareness.off('change', this.#changed);
		this.#presenter.unobserve(this.#led);
		this.#annotations.unobserveDeep(this.#drawn);
		this.#undo.destroy();
	}

	get mode(): Mode {
		return this.#mode;
	}
	get lead(): Lead | null {
		const lead = readLead(this.#presenter.get('lead'));
		return lead !== null && this.#awareness.getStates().has(lead.client) ? lead : null;
	}
	people(): readonly Participant[] {
		const clients = [...this.#awareness.getStates()].sort(([a], [b]) => a - b);
		return clients.flatMap(([client, state], order) => {
			const user: unknown = state.user;
			if (!isRecord(user) || typeof user.id !== 'string' || typeof user.name !== 'string') return [];
			const mode = state.mode === 'lead' || state.mode === 'follow' ? state.mode : 'free';
			const sent = readView(state.at);
			const drawing = isRecord(state.drawing) && typeof state.drawing.id === 'string' ? readAnnotation(state.drawing.id, state.drawing) : null;
			return [
				{
					client,
					user: user.id,
					name: user.name,
					slot: isNumber(user.colour) ? user.colour : order,
					self: client === this.#awareness.clientID,
					mode,
					pointer: readPointer(state.pointer),
					drawing,
					at: sent === null ? null : { series: sent.series, sop: sent.sop, frame: sent.frame }
				}
			];
		});
	}
	/** what the presenter shows now, for somebody who has just come; null without a presenter */
	presented(): SharedView | null {
		const lead = this.lead;
		return lead === null ? null : (this.#sentBy(lead)?.view ?? null);
	}

	takeLead(): void {
		const before = readLead(this.#presenter.get('lead'));
		this.#chosen = true;
		this.#doc.transact(() => {
			this.#presenter.set('lead', { user: this.#me.id, name: this.#me.name, client: this.#awareness.clientID, epoch: (before?.epoch ?? 0) + 1 });
		}, this);
		this.#setMode('lead');
		if (this.#view !== null) this.show(this.#view);
	}
	handOver(to: Participant): void {
		const lead = this.lead;
		if (lead?.client !== this.#awareness.clientID) return;
		this.#doc.transact(() => {
			this.#presenter.set('lead', { user: to.user, name: to.name, client: to.client, epoch: lead.epoch + 1 });
		}, this);
	}
	follow(): void {
		this.#chosen = true;
		this.#applied = { client: -1, epoch: -1, seq: -1 };
		if (this.#mode === 'lead') this.#resign();
		this.#setMode('follow');
		this.#evaluate();
	}
	free(): void {
		this.#chosen = true;
		if (this.#mode === 'lead') this.#resign();
		this.#setMode('free');
	}
	/** My view has changed: those who follow me see it, the others see which picture I am at. */
	show(view: SharedView): void {
		this.#view = view;
		const shared: SharedView = { ...view, centre: [view.centre[0], view.centre[1]] };
		const lead = this.lead;
		const leads = this.#mode === 'lead' && lead?.client === this.#awareness.clientID;
		this.#send({ at: shared, ...(leads ? { sent: { epoch: lead.epoch, seq: ++this.#seq, view: shared } } : {}) });
	}
	point(pointer: Pointer | null): void {
		this.#send({ pointer: pointer === null ? null : { ...pointer, pixel: [...pointer.pixel], world: pointer.world === null ? null : [...pointer.world] } });
	}
	/** A line while it is being drawn; `add` keeps it. */
	preview(annotation: Annotation | null): void {
		this.#send({ drawing: annotation === null ? null : { ...this.#plain(annotation), id: annotation.id } });
	}

	annotations(): readonly Annotation[] {
		const found = [...this.#annotations].flatMap(([id, value]) => readAnnotation(id, value) ?? []);
		return found.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
	}
	add(annotation: Annotation): void {
		this.#doc.transact(() => {
			this.#annotations.set(annotation.id, new Y.Map(Object.entries(this.#plain(annotation))));
		}, this);
		this.#send({ drawing: null });
	}
	/** One end of a line; two people may move different ends at once. */
	moveHandle(id: string, handle: 0 | 1, to: Pixel): void {
		const map = this.#annotations.get(id);
		if (map instanceof Y.Map) this.#doc.transact(() => map.set(handle === 0 ? 'p0' : 'p1', [to[0], to[1]]), this);
	}
	rename(id: string, label: string): void {
		const map = this.#annotations.get(id);
		if (map instanceof Y.Map) this.#doc.transact(() => map.set('label', label), this);
	}
	/** Marked, not taken out: an edit of another that is still on its way must not bring half a line back. */
	remove(id: string): void {
		const map = this.#annotations.get(id);
		if (map instanceof Y.Map) this.#doc.transact(() => map.set('deletedBy', this.#me.id), this);
	}
	undo(): void {
		this.#undo.undo();
	}

	// Yjs keeps arrays by reference: a live one that is moved on later would make the next change look equal and never leave this machine.
	#plain({ id: _id, points: [a, b], ...rest }: Annotation): Record<string, unknown> {
		return { ...rest, p0: [a[0], a[1]], p1: [b[0], b[1]] };
	}
	#sentBy(lead: Lead): Sent | null {
		const sent = readSent(this.#awareness.getStates().get(lead.client)?.sent);
		return sent !== null && sent.epoch === lead.epoch ? sent : null;
	}
	#setMode(mode: Mode): void {
		if (mode === this.#mode) return;
		this.#mode = mode;
		this.#send({ mode });
		this.#listener({ type: 'mode' });
	}
	#resign(): void {
		const lead = this.lead;
		if (lead?.client === this.#awareness.clientID) this.#doc.transact(() => this.#presenter.delete('lead'), this);
	}
	#evaluate(): void {
		const lead = this.lead;
		const mine = lead?.client === this.#awareness.clientID;
		if (mine && this.#mode !== 'lead') {
			this.#setMode('lead');
			if (this.#view !== null) this.show(this.#view);
		}
		if (!mine && lead !== null && this.#mode === 'lead') this.#setMode('follow');
		if (!mine && lead !== null && this.#mode === 'free' && !this.#chosen && Date.now() < this.#graceUntil) this.#setMode('follow');
		if (this.#mode !== 'follow' || lead === null || mine) return;
		const sent = this.#sentBy(lead);
		if (sent === null) return;
		const { client, epoch, seq } = this.#applied;
		if (client === lead.client && epoch === sent.epoch && seq >= sent.seq) return;
		this.#applied = { client: lead.client, epoch: sent.epoch, seq: sent.seq };
		this.#listener({ type: 'follow', view: sent.view });
	}
	#send(fields: Record<string, unknown>): void {
		Object.assign(this.#pending, fields);
		if (this.#timer !== null) return;
		const wait = this.#lastSent + this.#intervalMs - performance.now();
		if (wait <= 0) this.#flush();
		else this.#timer = setTimeout(() => this.#flush(), wait);
	}
	#flush(): void {
		this.#timer = null;
		this.#lastSent = performance.now();
		const fields = this.#pending;
		this.#pending = {};
		this.#awareness.setLocalState({ ...this.#awareness.getLocalState(), ...fields });
	}
	readonly #changed = (): void => {
		this.#evaluate();
		this.#listener({ type: 'people' });
	};
	readonly #led = (): void => {
		this.#evaluate();
		this.#listener({ type: 'lead' });
	};
	readonly #drawn = (): void => this.#listener({ type: 'annotations' });
}
