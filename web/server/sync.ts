import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Actor } from '@tongping/domain/kernel';
import { hospital, loadLive, loadLiveV2, type Projection } from '@tongping/domain/kernel/server';
import type { OfferToQuarantine, Quarantined } from '@tongping/domain/operations/server';
import { COOKIE, endsSessionsOf } from '@tongping/domain/identity-access';
import { actorOfSession, onSessionEnded, validate } from '@tongping/domain/identity-access/server';
import { compactorOf, createSync, HttpChannels, type Sync, type SyncPorts } from '@tongping/sync-server';
import { liveKinds } from './live-kinds.ts';

const tokenOf = (request: IncomingMessage): string | undefined =>
	/^Bearer ([a-z2-7]{32})$/u.exec(request.headers.authorization ?? '')?.[1] ??
	request.headers.cookie
		?.split(/;\s*/u)
		.find((part) => part.startsWith(`${COOKIE}=`))
		?.slice(COOKIE.length + 1);

/** Whoever may see a patient follows from where the patient is: after these events everybody who has something of them open is asked again. */
const MOVES = /^(?:inpatient\.(?:stay|bed-assignment|ward-transfer)|patient\.registry|imaging\.study)\./u;

const byKind = <T extends { readonly kind: string }>(items: readonly T[]): ReadonlyMap<string, T> => new Map(items.map((item) => [item.kind, item]));

export interface SyncOfHospital extends Sync {
	/** The same documents over plain requests; false for paths that are not ours. */
	handle(request: IncomingMessage, response: ServerResponse): boolean;
}

/** Joins the rooms to the hospital: who may enter comes from the modules, what is durable from the one writer. */
export async function attachSync(
	server: Server,
	originAllowed: (origin: string | undefined) => boolean,
	alarm: SyncPorts['alarm'],
	epoch: number
): Promise<SyncOfHospital> {
	const { registry, reader, writer, relay, dataDir, troubles } = hospital();
	const compactor = compactorOf(join(dataDir, 'tongping.db'), (name, input) => writer.task(name, input));
	const kinds = liveKinds(registry);
	const projections: ReadonlyMap<string, Projection> = byKind(registry.flatMap((served) => served.projections ?? []));
	const audit = (actor: Actor, action: string, patient: string | null, outcome: 'done' | 'denied', detail: Record<string, string | number>): Promise<unknown> =>
		writer.task('kernel.audit', {
			organization: actor.organization,
			user: actor.user,
			session: actor.session,
			action,
			purpose: 'treatment',
			patient,
			outcome,
			detail
		});

	let full = false;
	const ports: SyncPorts = {
		kinds: new Map([...kinds.values()].map(({ kind, mode, version, shape }) => [kind, { mode, version, ...(shape === undefined ? {} : { shape }) }])),
		originAllowed: (request) => originAllowed(request.headers.origin),
		async authenticate(request) {
			const token = tokenOf(request);
			const validated = token === undefined ? undefined : await validate(token, { touch: false });
			return validated?.ok ? validated.actor : null;
		},
		revalidate: async (session) => (await actorOfSession(session)) !== null,
		actorOf: (session) => actorOfSession(session),
		admit: async (actor, kind, id) => (await kinds.get(kind)?.admit(reader, actor, id)) ?? null,
		load: (doc) => loadLive(reader, doc),
		loadV2: (doc) => loadLiveV2(reader, doc),
		append: (entries) => writer.append(entries),
		full: () => full,
		saveSnapshot: async (snapshot) => {
			await writer.task('kernel.live-snapshot', snapshot);
		},
		compact: (doc) => compactor.compact(doc),
		view: async (kind, id, keys) => (await projections.get(kind)?.view(reader, id, keys, Date.now())) ?? {},
		auditJoin: async ({ actor, kind, id, patient }) => {
			await audit(actor, 'join', patient, 'done', { doc: `${kind}/${id}` });
		},
		auditRefusal: async ({ actor, kind, id, patient, reason }) => {
			await audit(actor, 'sync-refused', patient, 'denied', { doc: `${kind}/${id}`, reason });
		},
		epoch: () => epoch,
		quarantine: async ({ actor, kind, id, patient, epoch: from, runs, deletions, update }) => {
			const offer: OfferToQuarantine = {
				organization: actor.organization,
				doc: `${kind}/${id}`,
				patient,
				user: actor.user,
				session: actor.session,
				device: actor.device ?? '',
				epoch: from,
				runs,
				deletions,
				update
			};
			return (await writer.task('operations.quarantine.offer', offer)) as Quarantined;
		},
		alarm
	};
	const sync = createSync(ports);
	const channels = new HttpChannels(sync, ports);
	server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
		// socket.io and Vite answer their own paths; anything else is nobody's.
		if (sync.upgrade(request, socket, head) || request.url?.startsWith('/io/') || process.argv.includes('--dev')) return;
		socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n');
	});
	troubles.subscribe((kind, open) => {
		if (kind === 'disk-broken' && open) sync.closeAll('storage-fault');
		if (kind !== 'disk-full') return;
		full = open;
		if (!open) sync.roomAgain();
	});
	onSessionEnded((session) => {
		sync.dropSession(session);
	});
	relay.subscribe((recorded) => {
		for (const { event, commandId, position } of recorded) {
			for (const projection of projections.values())
				for (const { id, keys } of projection.affected(event)) sync.projectionChanged(projection.kind, id, keys, { commandId, position });
			for (const kind of kinds.values()) for (const id of kind.touchedBy?.(event) ?? []) sync.recheck(kind.kind, id);
			if (event.type === 'operations.quarantine.accepted' && 'doc' in event && typeof event.doc === 'string') {
				const [kind = '', id = ''] = event.doc.split('/');
				sync.recheck(kind, id);
			}
			if (event.patient !== null && MOVES.test(event.type)) sync.recheckPatient(event.patient);
			const gone = endsSessionsOf(event);
			if (gone !== null) sync.dropUser(gone);
		}
	});
	const closeRooms = sync.close.bind(sync);
	return Object.assign(sync, {
		handle: (request: IncomingMessage, response: ServerResponse) => channels.handle(request, response),
		close: async () => {
			await closeRooms();
			channels.close();
		}
	});
}
