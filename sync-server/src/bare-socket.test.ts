import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { bareOf } from './bare-socket.ts';

const ends: (() => void)[] = [];
afterEach(() => {
	for (const end of ends.splice(0)) end();
});
async function pair(): Promise<{ readonly here: Socket; readonly there: Socket }> {
	const server = createServer({ pauseOnConnect: false });
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const there = connect((server.address() as { port: number }).port, '127.0.0.1');
	const [here] = (await once(server, 'connection')) as [Socket];
	here.on('error', () => undefined);
	ends.push(() => {
		here.destroy();
		there.destroy();
		server.close();
	});
	return { here, there };
}
async function until(holds: () => boolean): Promise<void> {
	for (let i = 0; i < 400 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
	expect(holds()).toBe(true);
}

test('what a full peer cannot take waits in order and is counted, what the stream sent before stays before, and it drains whole', async () => {
	const { here, there } = await pair();
	there.pause();
	const bare = bareOf(here)!;
	here.write('first ');
	const sent = [Buffer.from('first ')];
	for (let i = 0; i < 400; i++) {
		const bytes = Buffer.alloc(32_768, i % 251);
		sent.push(bytes);
		expect(bare.write(bytes)).toBe(true);
	}
	// The system's own buffers hold a few megabytes; the rest is ours to answer for.
	expect(bare.pending).toBeGreaterThan(1 << 20);
	const got: Buffer[] = [];
	there.on('data', (chunk) => got.push(chunk));
	there.resume();
	await until(() => bare.pending === 0);
	expect(bare.write(Buffer.from(' last'))).toBe(true);
	expect(bare.pending).toBe(0);
	here.end();
	await once(there, 'end');
	expect(Buffer.concat(got).equals(Buffer.concat([...sent, Buffer.from(' last')]))).toBe(true);
});

test('a line whose peer dies with bytes waiting ends like any other, and takes nothing more', async () => {
	const { here, there } = await pair();
	there.pause();
	const bare = bareOf(here)!;
	while (bare.pending < 1 << 20) bare.write(Buffer.alloc(65_536));
	const closed = new Promise((resolve) => here.once('close', resolve));
	there.resetAndDestroy();
	await closed;
	await until(() => bare.pending === 0);
	expect(bare.write(Buffer.from('late'))).toBe(false);
});

test('a line that was just closed on this side takes nothing more', async () => {
	const { here } = await pair();
	const bare = bareOf(here)!;
	expect(bare.write(Buffer.from('in time'))).toBe(true);
	here.destroy();
	expect(bare.write(Buffer.from('late'))).toBe(false);
	await once(here, 'close');
	await new Promise((resolve) => setImmediate(resolve));
	expect(bare.write(Buffer.from('later'))).toBe(false);
});

test('an encrypted line is never written beneath its encryption, nor is what is no socket', async () => {
	const { here } = await pair();
	expect(bareOf(new TLSSocket(here, { isServer: true }))).toBeNull();
	expect(bareOf(new Duplex())).toBeNull();
	expect(bareOf((await pair()).here)).not.toBeNull();
});
