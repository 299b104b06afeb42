/**
 * `disk-full`, `disk-broken`: nothing is stored; `clock-back`: the machine's clock was set back, stored times wait for it;
 * `anchor-copy`, `anchor-stamp`: the audit head did not reach its place outside this machine; `anchor-differs`: what is kept there is not
 * what stands here.
 */
export const TROUBLES = ['disk-full', 'disk-broken', 'clock-back', 'anchor-copy', 'anchor-stamp', 'anchor-differs'] as const;
export type TroubleKind = (typeof TROUBLES)[number];
type Facts = Readonly<Record<string, string | number>>;

/** A condition of the house, not of one request. Facts are numbers and codes, never clinical content. */
export interface Troubled {
	readonly kind: TroubleKind;
	readonly since: number;
	readonly facts: Facts;
}

const NAMES: Readonly<Record<TroubleKind, string>> = {
	'disk-full': 'DiskFull',
	'disk-broken': 'DiskBroken',
	'clock-back': 'ClockBack',
	'anchor-copy': 'AnchorCopyFailed',
	'anchor-stamp': 'AnchorStampFailed',
	'anchor-differs': 'AnchorDiffers'
};
/** What reaches the operator's log and alarms once, when the condition begins. */
export class Trouble extends Error {
	readonly kind: TroubleKind;
	readonly facts: Facts;
	constructor(kind: TroubleKind, facts: Facts) {
		super(`${kind} ${JSON.stringify(facts)}`);
		this.name = NAMES[kind];
		this.kind = kind;
		this.facts = facts;
	}
}

/** What is wrong now. Each condition is raised once and ends when whoever raised it says so. */
export class Troubles {
	readonly #open = new Map<TroubleKind, Troubled>();
	readonly #listeners = new Set<(kind: TroubleKind, open: boolean) => void>();
	readonly #onTrouble: (trouble: Trouble) => void;

	constructor(onTrouble: (trouble: Trouble) => void) {
		this.#onTrouble = onTrouble;
	}

	/** null: it is over. */
	set(kind: TroubleKind, facts: Facts | null): void {
		const known = this.#open.get(kind);
		if (facts === null) this.#open.delete(kind);
		else this.#open.set(kind, { kind, since: known?.since ?? Date.now(), facts });
		if (facts !== null && known === undefined) this.#onTrouble(new Trouble(kind, facts));
		if ((facts === null) !== (known === undefined)) for (const listener of this.#listeners) listener(kind, facts !== null);
	}

	/** Told when a condition begins and when it is over. */
	subscribe(listener: (kind: TroubleKind, open: boolean) => void): () => void {
		this.#listeners.add(listener);
		return () => {
			this.#listeners.delete(listener);
		};
	}

	list(): readonly Troubled[] {
		return [...this.#open.values()];
	}
}
