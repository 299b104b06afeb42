import type { Server as HttpServer } from 'node:http';
import type { Server as Announcements } from 'socket.io';
import type { Hospital } from '@tongping/domain/kernel/server';
import type { Sync } from '@tongping/sync-server';
import { log } from './log.ts';

/** A service manager sends SIGKILL after ten seconds; whoever is slower is better ended by us, with a line that says so. */
const LONGEST_MS = 9000;
/** Commands that are already being answered get this long. */
const ANSWERS_MS = 3000;

export interface Parts {
	readonly server: HttpServer;
	readonly sync: Sync;
	readonly events: Announcements;
	readonly hospital: Hospital;
}

/** True from the first signal on: new requests are asked to come back. */
export class Stopping {
	#began = false;

	get began(): boolean {
		return this.#began;
	}

	/**
	 * Nobody joins any more; what passed the gate is stored, acknowledged, and only then its sockets close with 1001;
	 * answers that are under way go out; the file is brought home and closed. Clients come back by themselves.
	 */
	listen(parts: Parts): void {
		for (const signal of ['SIGINT', 'SIGTERM'] as const)
			process.on(signal, () => {
				if (this.#began) return;
				this.#began = true;
				const began = performance.now();
				log.info({ signal }, 'stopping');
				setTimeout(() => {
					log.error({ ms: LONGEST_MS }, 'stopping took too long');
					process.exit(1);
				}, LONGEST_MS).unref();
				stop(parts).then(
					() => {
						log.info({ ms: Math.round(performance.now() - began) }, 'stopped');
						process.exit(0);
					},
					(error: unknown) => {
						log.error({ error }, 'stop');
						process.exit(1);
					}
				);
			});
	}
}

async function stop({ server, sync, events, hospital }: Parts): Promise<void> {
	const answered = new Promise<void>((resolve) => {
		server.close(() => {
			resolve();
		});
	});
	await sync.close();
	events.disconnectSockets(true);
	server.closeIdleConnections();
	await Promise.race([
		answered,
		new Promise((resolve) => {
			setTimeout(resolve, ANSWERS_MS).unref();
		})
	]);
	server.closeAllConnections();
	await hospital.close();
}
