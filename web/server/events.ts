import type { Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import { COOKIE, endsSessionsOf } from '@tongping/domain/identity-access';
import { actorOfSession, onSessionEnded, validate } from '@tongping/domain/identity-access/server';
import { hospital } from '@tongping/domain/kernel/server';
import { log } from './log.ts';
import { Topics } from './topics.ts';

/** Pages that listen now, by the transport they came with. */
export function listeners(io: Server): ReadonlyMap<string, number> {
	const counts = new Map([
		['websocket', 0],
		['polling', 0]
	]);
	for (const { conn } of io.of('/').sockets.values()) counts.set(conn.transport.name, (counts.get(conn.transport.name) ?? 0) + 1);
	return counts;
}

/** Announces `{topic, version}` to pages that declared the topic: they load again, the message itself carries nothing clinical. */
export function attachEvents(server: HttpServer, originAllowed: (origin: string | undefined) => boolean): Server {
	const io = new Server(server, {
		path: '/io',
		destroyUpgrade: false,
		serveClient: false,
		maxHttpBufferSize: 65_536,
		allowRequest: (request, decide) => {
			decide(null, originAllowed(request.headers.origin));
		}
	});
	io.use((socket, next) => {
		const cookie = socket.handshake.headers.cookie
			?.split(/;\s*/u)
			.find((part) => part.startsWith(`${COOKIE}=`))
			?.slice(COOKIE.length + 1);
		const bearer = typeof socket.handshake.auth['token'] === 'string' ? socket.handshake.auth['token'] : undefined;
		const token = bearer ?? cookie;
		if (token === undefined) {
			next(new Error('signed-out'));
			return;
		}
		validate(token, { touch: false }).then((validated) => {
			if (!validated.ok) {
				next(new Error(validated.why));
				return;
			}
			socket.data = { session: validated.actor.session, asks: 0, since: Date.now() };
			void socket.join([`session:${validated.actor.session}`, `user:${validated.actor.user}`]);
			next();
		}, next);
	});
	const fault = (error: unknown): void => {
		log.error({ error }, 'topics');
	};
	const topics = new Topics(io, { registry: hospital().registry, reader: hospital().reader, actorOf: actorOfSession, fault });
	io.on('connection', (socket) => {
		socket.on('watch', (asked: unknown) => {
			topics.watch(socket, asked).catch(fault);
		});
		socket.on('unwatch', (asked: unknown) => {
			topics.unwatch(socket, asked).catch(fault);
		});
	});
	onSessionEnded((session) => {
		io.in(`session:${session}`).disconnectSockets(true);
	});
	setInterval(() => {
		topics.round().catch(fault);
	}, 30_000).unref();
	// One batch after the other, so that nobody hears of a later change before the right to hear of it was asked.
	let last: Promise<void> = Promise.resolve();
	hospital().relay.subscribe((recorded) => {
		for (const { event } of recorded) {
			const gone = endsSessionsOf(event);
			if (gone !== null) io.in(`user:${gone}`).disconnectSockets(true);
		}
		last = last.then(() => topics.published(recorded)).catch(fault);
	});
	return io;
}
