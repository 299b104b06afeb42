/**
 * The real engine, gate, log and acks behind one kind of document, `bench`, that everybody may write: for the judges of
 * this server's speed and safety. Loopback only. The product never registers this kind.
 * Environment: PORT, DB (a file whose folder becomes the data folder), BENCH_APPEND=early for the control that must fail,
 * BENCH_LIMITS=product for the limits of the product, BENCH_COMPACT_ROWS for a compaction after so many rows, each of them said on standard output (for those who kill it then).
 */
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { newId, type Actor, type Admission } from '@tongping/domain/kernel';
import { keepCompiled, loadLive, loadLiveV2, openHospital } from '@tongping/domain/kernel/server';
import { compactorOf, createSync, type SyncPorts } from '../src/index.ts';
import { earlyAppend } from './early-append.ts';

/** What a hospital's server allows one person, or no limit at all: one generator speaks for a whole ward. */
const unlimited =
	process.env['BENCH_LIMITS'] === 'product'
		? {}
		: {
				socketFramesPerSecond: 1e9,
				socketBytesPerSecond: 1e12,
				userFramesPerSecond: 1e9,
				roomFramesPerSecond: 1e9,
				documentUnits: 1e9,
				personUnits: 1e9,
				warnUnits: 1e9
			};
const compactRows = process.env['BENCH_COMPACT_ROWS'];
const limits = compactRows === undefined ? unlimited : { ...unlimited, snapshotAfterRows: Number(compactRows) };
const port = Number(process.env['PORT'] ?? 0);
const hospital = await openHospital({
	dataDir: dirname(process.env['DB'] ?? '.data/bench/app.db'),
	registry: [],
	writerEntry: new URL('./writer.ts', import.meta.url),
	demo: false,
	onFault: (error) => {
		console.error(error);
		process.exit(1);
	}
});
const compactor = compactorOf(join(hospital.dataDir, 'tongping.db'), (name, input) => hospital.writer.task(name, input));
const organization = newId<'organization'>();
const admission: Admission = { mode: 'draft', patient: null, writes: '*', sealed: false, generation: 0 };
const append: SyncPorts['append'] = (entries) => hospital.writer.append(entries);
const sync = createSync(
	{
		kinds: new Map([['bench', { mode: 'draft' as const, version: 1 }]]),
		originAllowed: ({ headers }) => headers.origin === undefined,
		authenticate: async ({ url }) => {
			const user = new URL(url ?? '/', 'http://bench').searchParams.get('user') ?? 'anyone';
			return { user: user as Actor['user'], name: user, role: 'resident', organization, wards: '*', session: user, steppedUpAt: 0 };
		},
		admit: async () => admission,
		load: (doc) => loadLive(hospital.reader, doc),
		loadV2: (doc) => loadLiveV2(hospital.reader, doc),
		append: process.env['BENCH_APPEND'] === 'early' ? earlyAppend(append) : append,
		saveSnapshot: async (snapshot) => void (await hospital.writer.task('kernel.live-snapshot', snapshot)),
		compact: (doc) => {
			if (compactRows !== undefined) console.log(JSON.stringify({ compacting: doc }));
			return compactor.compact(doc);
		},
		view: async () => ({}),
		auditJoin: async () => undefined,
		auditRefusal: async () => undefined,
		revalidate: async () => true,
		alarm: (what, error, facts) => {
			console.error(what, String(error).slice(0, 200), JSON.stringify(facts));
		}
	},
	limits
);
const server = createServer((_request, response) => {
	response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ sync: sync.stats(), writer: hospital.writer.stats() }));
});
server.on('upgrade', (request, socket, head) => {
	if (!sync.upgrade(request, socket, head)) socket.destroy();
});
server.listen(port, '127.0.0.1', () => {
	const address = server.address();
	keepCompiled();
	console.log(JSON.stringify({ listening: typeof address === 'object' ? address?.port : address }));
});
process.on('SIGTERM', () => {
	sync.close().then(
		async () => {
			await hospital.close();
			process.exit(0);
		},
		(error: unknown) => {
			console.error(error);
			process.exit(1);
		}
	);
});
