import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Anchoring, COPY, readHeads, stamped } from './audit-outside.ts';
import { openWriting } from './database.ts';
import { tables } from './module.ts';
import { testHospital, type TestHospital } from './test-hospital.ts';
import { readStamp } from './timestamp.ts';
import type { Trouble } from './troubles.ts';
import { verifyStored } from './verify.ts';

const openssl = (...args: readonly string[]): string => execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const hasOpenssl = ((): boolean => {
	try {
		return openssl('version').startsWith('OpenSSL');
	} catch {
		return false;
	}
})();

let folder: string;
let house: TestHospital;
let raised: Trouble[];
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'tongping-outside-'));
	raised = [];
	house = await testHospital([], { onFault: (error) => raised.push(error as Trouble) });
});
afterEach(async () => {
	await house.close();
	rmSync(folder, { recursive: true, force: true });
});
const anchoring = (dir: string | null, authority: string | null): Anchoring => {
	const { writer, troubles } = house.hospital;
	return new Anchoring(
		{ dir, authority },
		{
			troubles,
			anchor: async () => (await writer.task('kernel.anchor', {})) as never,
			hashAt: async (position) =>
				(
					await tables<{ audit: { position: number; hash: string } }>(house.hospital.reader)
						.selectFrom('audit')
						.select('hash')
						.where('position', '=', position)
						.executeTakeFirst()
				)?.hash ?? null,
			store: async (stamp) => void (await writer.task('kernel.audit-stamp', stamp))
		}
	);
};
const type = (doc: string, text: string): Promise<unknown> =>
	house.hospital.writer.append([{ doc, generation: 0, update: new TextEncoder().encode(text), user: 'u1', session: 's1', device: 'd1' }]);
const verified = (heads: Awaited<ReturnType<typeof readHeads>>) => {
	const { raw } = openWriting(join(house.dataDir, 'tongping.db'));
	try {
		return verifyStored(raw, heads);
	} finally {
		raw.close();
	}
};

describe('the copy outside', () => {
	it('a head that was changed, taken away or put in is told at the next anchor; so is a house that is older than what is kept', async () => {
		await type('note/a', 'eins');
		const keeping = anchoring(folder, null);
		await keeping.once();
		await type('note/a', 'zwei');
		await keeping.once();
		expect(raised).toEqual([]);
		const file = join(folder, COPY);
		const honest = readFileSync(file, 'utf8');
		const lines = honest.trimEnd().split('\n');
		const differ = (): unknown => house.hospital.troubles.list().find(({ kind }) => kind === 'anchor-differs')?.facts;
		let more = 0;
		for (const forged of [
			honest.replace(/"hash":"./u, (start) => start.slice(0, -1) + (start.endsWith('0') ? '1' : '0')),
			`${lines[0]}\n`,
			`${honest}{"at":1,"position":999999,"hash":"${'a'.repeat(64)}"}\n`
		]) {
			writeFileSync(file, forged);
			await type('note/a', `more ${String(more++)}`);
			await keeping.once();
			expect(differ()).toMatchObject({ position: expect.any(Number) as number });
			// Put right, it is over with the next head.
			writeFileSync(file, '');
			const again = anchoring(folder, null);
			await type('note/a', `more ${String(more++)}`);
			await again.once();
			expect(differ()).toBeUndefined();
			writeFileSync(file, honest + readFileSync(file, 'utf8'));
			await type('note/a', `more ${String(more++)}`);
			await again.once();
			expect(differ()).toBeUndefined();
		}
	});

	it('each head is one line, only when something happened, and the verifier holds the chain against all of them', async () => {
		const keeper = anchoring(folder, null);
		await keeper.once();
		expect(() => readFileSync(join(folder, COPY))).toThrow(/ENOENT/);
		for (const doc of ['note/a', 'note/b', 'note/a']) {
			await type(doc, 'x');
			await keeper.once();
			await keeper.once();
		}
		const heads = await readHeads(folder);
		expect(heads.map(({ position }) => position)).toEqual([1, 2, 3]);
		expect(keeper.state).toMatchObject({ copy: { on: true, head: { position: 3 }, failedSince: null }, stamp: { on: false } });
		expect(verified(heads)).toMatchObject({ auditRows: 3, liveRows: 3, documents: 2, anchors: 3, outside: 3, findings: [] });
	});

	it('a place that cannot be reached is one alarm; the next head that arrives ends it and covers what was missed', async () => {
		const place = join(folder, 'mount');
		const keeper = anchoring(place, null);
		for (let i = 0; i < 3; i++) {
			await type('note/a', 'x');
			await keeper.once();
		}
		expect(raised.map(({ kind, facts }) => [kind, facts['code']])).toEqual([['anchor-copy', 'ENOENT']]);
		expect(keeper.state.copy.failedSince).not.toBeNull();
		mkdirSync(place);
		await keeper.once();
		expect(house.hospital.troubles.list()).toEqual([]);
		expect((await readHeads(place)).map(({ position }) => position)).toEqual([3]);
		appendFileSync(join(place, COPY), '{"at":1,"posi');
		await type('note/a', 'x');
		await keeper.once();
		expect((await readHeads(place)).map(({ position }) => position)).toEqual([3, 4]);
	});

	it('a chain written anew from the first row to the last is found by the copy alone', async () => {
		const keeper = anchoring(folder, null);
		await type('note/a', 'x');
		await keeper.once();
		const forged = (await readHeads(folder)).map((head) => ({ ...head, hash: createHash('sha256').update('another past').digest('hex') }));
		expect(verified(forged).findings).toMatchObject([{ kind: 'outside', where: 'audit', position: 1 }]);
		expect(verified([{ at: 0, position: 9, hash: 'f'.repeat(64) }]).findings).toMatchObject([{ kind: 'outside', position: 9 }]);
	});
});

/** A time-stamp authority of our own, as `openssl ts` makes one. */
function authorityIn(at: string): { readonly config: string; readonly ca: string } {
	const file = (name: string): string => join(at, name);
	writeFileSync(
		file('tsa.cnf'),
		`[tsa]\ndefault_tsa=t\n[t]\ndir=${at}\nserial=${file('serial')}\ncrypto_device=builtin\nsigner_cert=${file('tsa.pem')}\ncerts=${file('ca.pem')}\nsigner_key=${file('tsa.key')}\nsigner_digest=sha256\ndefault_policy=1.2.3.4.1\ndigests=sha256\naccuracy=secs:1\nordering=no\ntsa_name=no\ness_cert_id_chain=no\ness_cert_id_alg=sha256\n[req]\ndistinguished_name=dn\n[dn]\n[ext]\nextendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\nbasicConstraints=CA:FALSE\n`
	);
	writeFileSync(file('serial'), '01\n');
	openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', file('ca.key'), '-out', file('ca.pem'), '-days', '2', '-subj', '/CN=test ca');
	openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', file('tsa.key'), '-out', file('tsa.csr'), '-subj', '/CN=test tsa', '-config', file('tsa.cnf'));
	openssl(
		'x509',
		'-req',
		'-in',
		file('tsa.csr'),
		'-CA',
		file('ca.pem'),
		'-CAkey',
		file('ca.key'),
		'-CAcreateserial',
		'-days',
		'2',
		'-extfile',
		file('tsa.cnf'),
		'-extensions',
		'ext',
		'-out',
		file('tsa.pem')
	);
	return { config: file('tsa.cnf'), ca: file('ca.pem') };
}

describe.skipIf(!hasOpenssl)('the time-stamp (skipped where openssl is not installed)', () => {
	let server: Server;
	let url: string;
	let ca: string;
	/** what a faulty or hostile authority does to the question or to the answer */
	let fault: { question?: (bytes: Buffer) => Buffer; answer?: (bytes: Buffer) => Buffer; status?: number } = {};
	beforeEach(async () => {
		const authority = authorityIn(folder);
		ca = authority.ca;
		fault = {};
		server = createServer((request, response) => {
			const parts: Buffer[] = [];
			request.on('data', (part: Buffer) => parts.push(part));
			request.on('end', () => {
				const question = Buffer.concat(parts);
				writeFileSync(join(folder, 'q.tsq'), fault.question?.(question) ?? question);
				openssl('ts', '-reply', '-config', authority.config, '-queryfile', join(folder, 'q.tsq'), '-out', join(folder, 'r.tsr'));
				const answer = readFileSync(join(folder, 'r.tsr'));
				response.writeHead(fault.status ?? 200, { 'content-type': 'application/timestamp-reply' }).end(fault.answer?.(answer) ?? answer);
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
	});
	afterEach(async () => {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	});

	it('is asked for, checked, stored, and openssl finds it good', async () => {
		const keeper = anchoring(null, url);
		await type('note/a', 'x');
		await keeper.once();
		expect(raised).toEqual([]);
		const { raw } = openWriting(join(house.dataDir, 'tongping.db'));
		const { hash, response } = raw.prepare('select hash, response from audit_stamp').get([]) as { hash: string; response: Uint8Array };
		raw.close();
		writeFileSync(join(folder, 'stored.tsr'), new Uint8Array(response));
		expect(openssl('ts', '-verify', '-digest', hash, '-in', join(folder, 'stored.tsr'), '-CAfile', ca)).toContain('Verification: OK');
		expect(() => openssl('ts', '-verify', '-digest', 'f'.repeat(64), '-in', join(folder, 'stored.tsr'), '-CAfile', ca)).toThrow();
		expect(Math.abs(readStamp(new Uint8Array(response)).at - Date.now())).toBeLessThan(60_000);
		expect(verified([])).toMatchObject({ stamps: 1, findings: [] });
	});

	it('refuses a stamp for another hash, to another question, a refusal and rubbish, and says so once', async () => {
		const hash = 'a1'.repeat(32);
		await expect(stamped(url, hash)).resolves.toBeInstanceOf(Uint8Array);
		const flip = (at: (bytes: Buffer) => number) => (bytes: Buffer) => {
			const copy = Buffer.from(bytes);
			copy[at(bytes)]! ^= 1;
			return copy;
		};
		fault = { question: flip((bytes) => bytes.indexOf(Buffer.from(hash, 'hex')) + 5) };
		await expect(stamped(url, hash)).rejects.toThrow('other-imprint');
		fault = { question: flip((bytes) => bytes.indexOf(Buffer.from(hash, 'hex')) + 32 + 4) };
		await expect(stamped(url, hash)).rejects.toThrow('other-nonce');
		fault = { question: () => Buffer.from('30030101ff', 'hex') };
		await expect(stamped(url, hash)).rejects.toThrow('status-02');
		fault = { answer: (bytes) => bytes.subarray(0, bytes.length - 40) };
		await expect(stamped(url, hash)).rejects.toThrow('malformed');
		fault = { answer: () => Buffer.from('<html>') };
		await expect(stamped(url, hash)).rejects.toThrow('malformed');
		fault = { status: 500 };
		await expect(stamped(url, hash)).rejects.toThrow('http-500');
		const keeper = anchoring(null, url);
		await type('note/a', 'x');
		await keeper.once();
		await keeper.once();
		expect(raised.map(({ kind, facts }) => [kind, facts['code']])).toEqual([['anchor-stamp', 'http-500']]);
		fault = {};
		await keeper.once();
		expect(house.hospital.troubles.list()).toEqual([]);
	});
});
