import { wardBoard } from '@tongping/domain/inpatient';
import type { WardId } from '@tongping/domain/kernel';
import { untrack } from 'svelte';
import { joinLive } from '#kernel/live/index.ts';
import type { Person } from '#ui/faces.ts';
import type { BoardFeed } from './feed.ts';

interface Stamped {
	readonly user?: { readonly id: string; readonly name: string; readonly colour: number };
}
interface Meta {
	readonly commands?: readonly string[];
}
/** Nothing is ever written here, so a joined board is one that may be read and is in step. */
const IN_STEP: ReadonlySet<string> = new Set(['saved', 'read-only']);

/** The live board of one ward. `serverNow` is the server's clock at page load: ages are told by that clock, not by this PC's. */
export const liveFeed =
	(ward: WardId, user: string, serverNow: number): BoardFeed =>
	(listen) => {
		const offset = serverNow - Date.now();
		const room = joinLive(wardBoard.kind, ward, { version: wardBoard.version, persist: false, user });
		const view = room.doc.getMap<unknown>(wardBoard.root);
		let keys: Readonly<Record<string, unknown>> | null = null;

		const people = (): Person[] => {
			const found = new Map<string, Person>();
			for (const state of room.awareness.getStates().values()) {
				const stamped = (state as Stamped).user;
				if (stamped !== undefined && stamped.id !== user) found.set(stamped.id, { id: stamped.id, name: stamped.name, slot: stamped.colour });
			}
			return [...found.values()];
		};
		const tell = (): void => {
			const meta = keys?.['meta'] as Meta | undefined;
			listen({
				keys,
				commands: meta?.commands ?? [],
				joined: IN_STEP.has(room.state.kind),
				heardAt: room.asOf,
				asOf: room.asOf === null ? null : room.asOf + offset,
				people: people()
			});
		};
		const changed = (): void => {
			keys = Object.fromEntries(view.entries());
			tell();
		};
		view.observe(changed);
		room.awareness.on('change', tell);
		room.awareness.setLocalState({ at: 'board' });
		const stop = $effect.root(() => {
			$effect(() => {
				void room.state;
				void room.asOf;
				untrack(() => {
					if (keys === null && view.size > 0) changed();
					else tell();
				});
			});
		});
		return () => {
			stop();
			view.unobserve(changed);
			room.destroy();
		};
	};
