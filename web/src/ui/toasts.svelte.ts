export type ToastTone = 'done' | 'refused' | 'warning' | 'plain';

export interface ToastAction {
	readonly label: string;
	readonly key?: string;
	run(): void;
}

export interface Toast {
	readonly id: number;
	readonly tone: ToastTone;
	/** one sentence of fact */
	readonly title: string;
	/** one of consequence */
	readonly detail: string;
	readonly clock: string;
	readonly actions: readonly ToastAction[];
	/** epoch ms after which it leaves; null = it stays until read */
	readonly until: number | null;
}

export interface ToastInput {
	readonly tone?: ToastTone;
	readonly title: string;
	readonly detail?: string;
	readonly clock?: string;
	readonly actions?: readonly ToastAction[];
	readonly forMs?: number | null;
}

/** What happened, said once at the lower right. Success leaves after ten seconds; a refusal stays until it is read. */
class Toasts {
	list = $state<readonly Toast[]>([]);
	#last = 0;

	show(input: ToastInput): number {
		const id = ++this.#last;
		const tone = input.tone ?? 'plain';
		const stay = input.forMs === undefined ? (tone === 'done' || tone === 'plain' ? 10_000 : null) : input.forMs;
		const toast: Toast = {
			id,
			tone,
			title: input.title,
			detail: input.detail ?? '',
			clock: input.clock ?? '',
			actions: input.actions ?? [],
			until: stay === null ? null : Date.now() + stay
		};
		this.list = [...this.list.slice(-3), toast];
		if (stay !== null) setTimeout(() => this.dismiss(id), stay);
		return id;
	}

	dismiss(id: number): void {
		this.list = this.list.filter((toast) => toast.id !== id);
	}
}
export const toasts = new Toasts();
