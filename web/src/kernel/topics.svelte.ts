import { invalidate } from '$app/navigation';
import { io, type Socket } from 'socket.io-client';

interface Changed {
	readonly topic: string;
	readonly version: number;
}
const MAX_JITTER_MS = 300;

let socket: Socket | undefined;
const shared = (): Socket => (socket ??= io({ path: '/io', transports: ['websocket'] }));

/**
 * Keeps a page's lists live: its load says `depends('topic:x')`, this re-runs that load when somebody changed x.
 * Coalesced, one at a time, only while the tab is seen; after a lost connection everything is loaded again.
 * Call inside `$effect`; returns the way to stop.
 */
export function watchTopics(topics: readonly string[]): () => void {
	const connection = shared();
	const stale = new Set<string>();
	let timer: ReturnType<typeof setTimeout> | undefined;
	let loading = false;

	const load = async (): Promise<void> => {
		timer = undefined;
		if (document.hidden || loading) return;
		loading = true;
		const now = [...stale];
		stale.clear();
		try {
			await Promise.all(now.map((topic) => invalidate(`topic:${topic}`)));
		} finally {
			loading = false;
			if (stale.size > 0) schedule();
		}
	};
	const schedule = (): void => {
		timer ??= setTimeout(() => void load(), Math.random() * MAX_JITTER_MS);
	};
	const onChanged = ({ topic }: Changed): void => {
		if (!topics.includes(topic)) return;
		stale.add(topic);
		schedule();
	};
	let connectedBefore = connection.connected;
	const onConnect = (): void => {
		connection.emit('watch', topics);
		if (connectedBefore) for (const topic of topics) onChanged({ topic, version: 0 });
		connectedBefore = true;
	};
	const onVisible = (): void => {
		if (!document.hidden && stale.size > 0) schedule();
	};
	connection.on('changed', onChanged);
	connection.on('connect', onConnect);
	document.addEventListener('visibilitychange', onVisible);
	if (connection.connected) connection.emit('watch', topics);
	return () => {
		clearTimeout(timer);
		connection.off('changed', onChanged);
		connection.off('connect', onConnect);
		document.removeEventListener('visibilitychange', onVisible);
	};
}
