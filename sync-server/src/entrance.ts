import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Entrance, SecondForm } from './connection.ts';
import type { SyncPorts } from './ports.ts';
import { readEpoch } from './epoch.ts';
import { closeCode } from './protocol/index.ts';
import { acceptWebSocket, type WebSocketLine } from './web-socket.ts';

export interface TurnedAway {
	readonly status: 401 | 403 | 404 | 503;
	readonly code: number;
	readonly reason: string;
	readonly live: boolean;
}

const PATH = /^\/sync\/([a-z][a-z0-9-]{0,63})\/([A-Za-z0-9._~-]{1,128})$/u;

const secondForm = (asked: string | null): SecondForm => (asked === '2' ? 'packed' : asked === '1' && 'plain');

/** The one door to live documents: origin, session, whose session the page thinks it is, kind and rights. Refusals are audited. */
export async function enter(ports: SyncPorts, request: IncomingMessage, url: URL): Promise<Entrance | TurnedAway> {
	const live = url.searchParams.get('live') === '1';
	if (!ports.originAllowed(request)) return { status: 403, code: closeCode.goingAway, reason: 'foreign origin', live };
	const admittedFrom = performance.now();
	const actor = await ports.authenticate(request);
	const as = url.searchParams.get('as');
	// Another tab may have signed somebody else in: one person's unsent words must never come in under another's name.
	if (actor === null || (as !== null && as !== actor.user)) return { status: 401, code: closeCode.signedOut, reason: 'signed out', live };
	const [, kind = '', id = ''] = PATH.exec(url.pathname) ?? [];
	const rules = ports.kinds.get(kind);
	const admission = rules === undefined ? null : await ports.admit(actor, kind, id);
	if (rules === undefined || admission === null) {
		if (rules !== undefined) await ports.auditRefusal({ actor, kind, id, patient: null, reason: 'not-admitted' });
		return { status: 404, code: closeCode.notFound, reason: 'not found', live };
	}
	const version = url.searchParams.get('v');
	const { epoch: announced, mine } = readEpoch(url);
	const epoch = ports.epoch?.() ?? 1;
	const recovering = live && rules.mode !== 'projection' && announced !== null && announced < epoch ? announced : null;
	return { actor, kind, id, rules, admission, version, live, v2: live && secondForm(url.searchParams.get('v2')), admittedFrom, epoch, recovering, mine };
}

/** Browsers hide the status of a refused upgrade, so our own client is told by a close code; everybody else gets plain HTTP. */
export function openLine(request: IncomingMessage, socket: Duplex, head: Buffer, entrance: Entrance | TurnedAway, maxMessage: number): WebSocketLine | null {
	if (socket.destroyed) return null;
	if (!('status' in entrance)) return acceptWebSocket(request, socket, head, maxMessage);
	if (entrance.live && entrance.code >= 4000) acceptWebSocket(request, socket, head, maxMessage)?.close(entrance.code, entrance.reason);
	else refuseUpgrade(socket, entrance.status);
	return null;
}

const STATUS: Readonly<Record<number, string>> = {
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	500: 'Internal Server Error',
	503: 'Service Unavailable'
};
export function refuseUpgrade(socket: Duplex, status: number): void {
	if (socket.destroyed) return;
	socket.end(`HTTP/1.1 ${status} ${STATUS[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
