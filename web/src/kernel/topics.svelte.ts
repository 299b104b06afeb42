import { invalidate } from '$app/navigation';
import { io, type Socket } from 'socket.io-client';
import { doubtSession } from './whose-page.ts';

/** `changed` and `dropped` (the right to watch has ended) are answered alike: the page loads again and shows what its reader may see now. */
interface Told {
	readonly topic: string;
}
const MAX_JITTER_MS = 300;

let socket: Socket | undefined;
/** How many parts of the page watch each topic: the next page may ask for it before the last one lets go. */
const wanted = new Map<string, number>();
function shared(): Socket {
	if (socket !== undefined) return socket;
	const made = io({ path: '/io', transports: ['websocket'] });
	made.on('connect', () => {
		if (wanted.size > 0) made.emit('watch', [...wanted.keys()]);
	});
	// Cut by the server, or refused at the door: the session may be over, and the page would go on showing what it shows.
	made.on('disconnect', (reason) => {
		if (reason === 'io server disconnect') doubtSession();
	});
	made.on('connect_error', () => {
		if (!made.active) doubtSession();
	});
	addEventListener('tongping:signed-in', () => made.connect());
	return (socket = made);
}
function want(connection: Socket, topics: readonly string[]): void {
	const added = topics.filter((topic) => !wanted.has(topic));
	for (const topic of topics) wanted.set(topic, (wanted.get(topic) ?? 0) + 1);
	if (connection.connected && added.length > 0) connection.emit('watch', added);
}
function release(connection: Socket, topics: readonly string[]): void {
	for (const topic of topics) wanted.set(topic, (wanted.get(topic) ?? 0) - 1);
	const gone = topics.filter((topic) => (wanted.get(topic) ?? 0) <= 0);
	for (const topic of gone) wanted.delete(topic);
	if (connection.connected && gone.length > 0) connection.emit('unwatch', gone);
}

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
	const onChanged = ({ topic }: Told): void => {
		if (!topics.includes(topic)) return;
		stale.add(topic);
		schedule();
	};
	let connectedBefore = connection.connected;
	const onConnect = (): void => {
		if (connectedBefore) for (const topic of topics) onChanged({ topic });
		connectedBefore = true;
	};
	const onVisible = (): void => {
		if (!document.hidden && stale.size > 0) schedule();
	};
	connection.on('changed', onChanged);
	connection.on('dropped', onChanged);
	connection.on('connect', onConnect);
	document.addEventListener('visibilitychange', onVisible);
	want(connection, topics);
	return () => {
		clearTimeout(timer);
		connection.off('changed', onChanged);
		connection.off('dropped', onChanged);
		release(connection, topics);
		connection.off('connect', onConnect);
		document.removeEventListener('visibilitychange', onVisible);
	};
}
