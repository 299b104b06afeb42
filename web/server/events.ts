import type { Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import { COOKIE } from '@tongping/domain/identity-access';
import { actorOfSession, onSessionEnded, validate } from '@tongping/domain/identity-access/server';
import { hospital } from '@tongping/domain/kernel/server';
import { log } from './log.ts';

const TOPIC = /^[a-z][a-z-]{1,40}(:[0-9a-z-]{1,60})?$/u;

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
			socket.data = { session: validated.actor.session };
			void socket.join(`session:${validated.actor.session}`);
			next();
		}, next);
	});
	io.on('connection', (socket) => {
		socket.on('watch', (topics: unknown) => {
			if (!Array.isArray(topics) || topics.length > 50) return;
			for (const topic of topics) if (typeof topic === 'string' && TOPIC.test(topic)) void socket.join(`topic:${topic}`);
		});
	});
	onSessionEnded((session) => {
		io.in(`session:${session}`).disconnectSockets(true);
	});
	setInterval(() => {
		for (const socket of io.of('/').sockets.values()) {
			actorOfSession((socket.data as { session: string }).session).then(
				(actor) => {
					if (actor === null) socket.disconnect(true);
				},
				(error: unknown) => {
					log.error({ error }, 'a session could not be checked');
				}
			);
		}
	}, 30_000).unref();
	hospital().relay.subscribe((recorded) => {
		const topics = new Map<string, number>();
		for (const { event, position } of recorded)
			for (const served of hospital().registry) for (const topic of served.topics?.(event) ?? []) topics.set(topic, position);
		for (const [topic, version] of topics) io.to(`topic:${topic}`).emit('changed', { topic, version });
	});
	return io;
}
