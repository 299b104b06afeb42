/** The server that is attacked, in a process of its own: the real engine, gate and log on a real temporary database, with the shape of a chart. */
import { everything, testSync } from '../../src/testing.fixtures.ts';
import { ATTACKER_WRITES, CHART } from './victim.ts';

/** `evil`: gives this user the attacker's rights on a document; `ask`: what did it cost so far */
export type Order = { readonly evil: string; readonly id: string } | { readonly ask: number } | { readonly stored: string; readonly ask: number };
export interface Report {
	readonly answer: number;
	readonly cpuMs: number;
	readonly rss: number;
	readonly alarms: readonly string[];
	readonly refusals: number;
	/** who wrote which row, and with what bytes */
	readonly rows: readonly { readonly user: string; readonly data: string }[];
	readonly pauseMs: number;
}

const fast = { socketFramesPerSecond: 1e9, socketBytesPerSecond: 1e12, userFramesPerSecond: 1e9, roomFramesPerSecond: 1e9, clientsPerUser: 1e6 };
const server = await testSync(fast, new Map([['chart', { mode: 'draft' as const, version: 1, shape: CHART }]]));
let pauseMs = 0;
let last = performance.now();
setInterval(() => {
	const now = performance.now();
	pauseMs = Math.max(pauseMs, now - last - 5);
	last = now;
}, 5);

const report = async (order: { readonly ask: number; readonly stored?: string }): Promise<Report> => {
	const rows = order.stored === undefined ? [] : await server.stored(`chart/${order.stored}`);
	const { user, system } = process.cpuUsage();
	const answer: Report = {
		answer: order.ask,
		cpuMs: (user + system) / 1000,
		rss: process.memoryUsage().rss,
		alarms: server.alarms.splice(0),
		refusals: server.refusals.splice(0).length,
		rows: rows.map((row) => ({ user: row.user, data: Buffer.from(row.data).toString('base64') })),
		pauseMs
	};
	pauseMs = 0;
	return answer;
};
process.on('message', (order: Order) => {
	if ('evil' in order) server.rights.set(`${order.evil} chart/${order.id}`, everything({ writes: ATTACKER_WRITES }));
	else
		report(order).then(
			(answer) => process.send!(answer),
			(error: unknown) => {
				throw error;
			}
		);
});
process.on('disconnect', () => {
	server.close().then(
		() => process.exit(0),
		() => process.exit(1)
	);
});
process.send!({ port: server.port });
