import { timingSafeEqual, createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ALARM_KINDS, mayOperate, type AnchorPlaceNow } from '@tongping/domain/operations';
import { COOKIE } from '@tongping/domain/identity-access';
import { validate } from '@tongping/domain/identity-access/server';
import { COMMIT_BARS_MS, tables, TROUBLES, type Handle, type WriterStats } from '@tongping/domain/kernel/server';
import type { SyncStats } from '@tongping/sync-server';
import { counter, exposition, gauge, histogram, labelled, type Family } from './exposition.ts';
import type { HttpCount } from './http-count.ts';
import { byReason, tally, type Watch } from './watch.ts';

export interface MetricsParts {
	readonly watch: Watch;
	readonly http: HttpCount;
	readonly reader: Handle;
	readonly scrapeToken: string | null;
	sync(): SyncStats;
	writer(): WriterStats;
	/** pages that listen for announcements, by transport */
	listeners(): ReadonlyMap<string, number>;
}

const kindOf = (room: string): string => room.slice(0, room.indexOf('/'));

async function auditHead(reader: Handle): Promise<{ readonly rows: number; readonly at: number | null }> {
	const head = await tables<{ audit: { position: number; at: number } }>(reader)
		.selectFrom('audit')
		.select(['position', 'at'])
		.orderBy('position', 'desc')
		.limit(1)
		.executeTakeFirst();
	return { rows: Number(head?.position ?? 0), at: head === undefined ? null : Number(head.at) };
}

export async function families({ watch, http, reader, sync, writer, listeners }: MetricsParts): Promise<readonly Family[]> {
	const { rooms, queued, commits, updates, refusals, byRoom, faults } = sync();
	const stats = writer();
	const last = watch.samples.at(-1);
	const audit = await auditHead(reader);
	const unanchored = await waitingForAnchor(reader);
	const { troubles, anchors, epoch } = watch.now();
	const places = Object.entries(anchors ?? {}).filter((place): place is [string, AnchorPlaceNow] => (place[1] as AnchorPlaceNow).on);
	const memory = process.memoryUsage();
	return [
		gauge('tongping_rooms', 'Live documents that are open.', rooms),
		labelled(
			'gauge',
			'tongping_room_connections',
			'Sockets in live documents, by kind of document.',
			'kind',
			tally(byRoom.map((one) => [kindOf(one.room), one.connections]))
		),
		labelled(
			'gauge',
			'tongping_room_people',
			'People shown as present, by kind of document.',
			'kind',
			tally(byRoom.map((one) => [kindOf(one.room), one.present]))
		),
		gauge(
			'tongping_sockets_behind',
			'Sockets that are sent nothing until they have drained.',
			byRoom.reduce((sum, one) => sum + one.behind, 0)
		),
		labelled('gauge', 'tongping_listeners', 'Pages that listen for announcements, by transport.', 'transport', listeners()),
		gauge('tongping_commit_queue', 'Updates that have passed the gate and wait for the writer.', queued),
		gauge('tongping_writer_queue', 'Commands, tasks and batches of updates that wait for the writer thread.', stats.queued),
		histogram(
			'tongping_commit_seconds',
			'Time of one commit, from its begin to the return of fsync.',
			COMMIT_BARS_MS.map((ms) => ms / 1000),
			stats.commitCounts,
			stats.commitSumMs / 1000
		),
		counter('tongping_works_total', 'Commands, tasks and batches of updates the writer has done.', stats.works),
		counter('tongping_sync_commits_total', 'Commits that carried live updates.', commits),
		counter('tongping_acks_total', 'Live updates that were acknowledged as durable.', updates),
		labelled('counter', 'tongping_refusals_total', 'Live updates that were refused, by reason.', 'reason', byReason(refusals)),
		counter('tongping_storage_faults_total', 'Writes that failed for a reason of the disk or of the code.', stats.faults + faults),
		gauge('tongping_storage_writable', 'One while the disk takes writes, 0 when it is full or has failed.', stats.storage === 'open' ? 1 : 0),
		gauge('tongping_clock_ahead_seconds', 'How far stored times are ahead of the clock of the machine.', stats.aheadMs / 1000),
		gauge('tongping_event_loop_lag_p99_seconds', 'Longest hundredth of the delays of the event loop in the last interval.', (last?.loopP99 ?? 0) / 1000),
		gauge('tongping_resident_bytes', 'Resident memory.', memory.rss),
		gauge('tongping_heap_bytes', 'Heap in use on the main thread.', memory.heapUsed),
		gauge('tongping_uptime_seconds', 'Time since the start.', Math.round((Date.now() - watch.startedAt) / 1000)),
		counter('tongping_audit_rows_total', 'Lines of the audit chain.', audit.rows),
		gauge('tongping_audit_head_age_seconds', 'Age of the newest line of the audit chain.', audit.at === null ? 0 : Math.max(0, (Date.now() - audit.at) / 1000)),
		gauge('tongping_unanchored_documents', 'Live documents whose newest rows the audit chain does not vouch for yet.', unanchored),
		gauge('tongping_disk_free_bytes', 'Free space where the data folder lies.', last?.diskFreeBytes ?? 0),
		labelled(
			'gauge',
			'tongping_trouble',
			'One while a condition of the house does not hold.',
			'kind',
			TROUBLES.map((kind) => [kind, troubles.some((one) => one.kind === kind) ? 1 : 0])
		),
		labelled(
			'gauge',
			'tongping_outside_lag_rows',
			'Lines of the audit chain that have not arrived outside this machine, by place; absent where none is set.',
			'place',
			places.map(([place, { head }]) => [place, audit.rows - (head?.position ?? 0)])
		),
		labelled(
			'gauge',
			'tongping_outside_failed_seconds',
			'How long the place outside has not taken the head of the audit chain.',
			'place',
			places.map(([place, { failedSince }]) => [place, failedSince === null ? 0 : Math.round((Date.now() - failedSince) / 1000)])
		),
		gauge('tongping_quarantine_waiting', 'Offers from before a restore that wait for an administrator.', await waitingInQuarantine(reader)),
		gauge('tongping_epoch', 'Raised by every restore.', epoch),
		labelled(
			'gauge',
			'tongping_alarm',
			'One while an alarm is raised.',
			'kind',
			ALARM_KINDS.map((kind) => [kind, watch.book.isRaised(kind) ? 1 : 0])
		),
		labelled('counter', 'tongping_alarms_total', 'Times an alarm was raised.', 'kind', watch.book.raised),
		{
			name: 'tongping_http_requests_total',
			help: 'Answered requests by class of route and of status; cut: the client went away.',
			type: 'counter',
			samples: http.list().map(({ route, status, count }) => ({ labels: { route, status }, value: count }))
		}
	];
}

async function waitingInQuarantine(reader: Handle): Promise<number> {
	const { count } = await tables<{ quarantine: { status: string } }>(reader)
		.selectFrom('quarantine')
		.select((e) => e.fn.countAll<number>().as('count'))
		.where('status', '=', 'waiting')
		.executeTakeFirstOrThrow();
	return Number(count);
}

async function waitingForAnchor(reader: Handle): Promise<number> {
	const { count } = await tables<{ live_document: { head: number; anchored: number } }>(reader)
		.selectFrom('live_document')
		.select((e) => e.fn.countAll<number>().as('count'))
		.whereRef('head', '>', 'anchored')
		.executeTakeFirstOrThrow();
	return Number(count);
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const sameToken = (given: string, expected: string): boolean => timingSafeEqual(digest(given), digest(expected));

/** 200 for an administrator or the scraper's own token; a stranger learns 401, anybody else what a page that does not exist says. */
async function verdict(request: IncomingMessage, scrapeToken: string | null): Promise<200 | 401 | 404> {
	const bearer = /^Bearer (\S{1,200})$/u.exec(request.headers.authorization ?? '')?.[1];
	if (bearer !== undefined && scrapeToken !== null && sameToken(bearer, scrapeToken)) return 200;
	const cookie = request.headers.cookie
		?.split(/;\s*/u)
		.find((part) => part.startsWith(`${COOKIE}=`))
		?.slice(COOKIE.length + 1);
	const token = bearer ?? cookie;
	if (token === undefined) return 401;
	const validated = await validate(token, { touch: false });
	if (!validated.ok) return 401;
	return mayOperate(validated.actor) ? 200 : 404;
}

/** Answers `/metrics` and nothing else. */
export function serveMetrics(request: IncomingMessage, response: ServerResponse, parts: MetricsParts): boolean {
	if ((request.url ?? '').split('?', 1)[0] !== '/metrics') return false;
	const say = (status: number, text: string): void => {
		response.writeHead(status, {
			'content-type': status === 200 ? 'text/plain; version=0.0.4; charset=utf-8' : 'text/plain; charset=utf-8',
			'cache-control': 'no-store',
			'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
			...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
			...(status === 405 ? { allow: 'GET, HEAD' } : {})
		});
		response.end(request.method === 'HEAD' ? undefined : text);
	};
	if (request.method !== 'GET' && request.method !== 'HEAD') {
		say(405, 'Only read from here.\n');
		return true;
	}
	verdict(request, parts.scrapeToken)
		.then(async (status) => {
			if (status === 200) say(200, exposition(await families(parts)));
			else say(status, status === 401 ? 'Sign in as an administrator, or send the token of TONGPING_METRICS_TOKEN.\n' : 'Not found.\n');
		})
		.catch((error: unknown) => {
			parts.watch.fault('metrics could not be read', error);
			if (!response.headersSent) say(500, 'The metrics cannot be read now.\n');
		});
	return true;
}
