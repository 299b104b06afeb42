import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { difference, loadLive, openReading, openWriting, standingOf, storedUpdates, verifyStored, WriteLoop } from '@tongping/domain/kernel/server';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { seeded } from '../gate/random.ts';

const RUNS = Number(process.env['COMPACTION_KILLS'] ?? 6);
const SEED = 20261122;

it(`kill -9 while it compacts: what is loaded is every acknowledged word, the rows are whole, each snapshot is its rows (${RUNS} runs; more: COMPACTION_KILLS=200)`, async () => {
	const random = seeded(SEED);
	const folder = mkdtempSync(join(tmpdir(), 'tongping-compaction-kill-'));
	const acknowledged: string[] = [];
	let compactions = 0;
	try {
		for (let run = 0; run < RUNS; run++) {
			const child = spawn(process.execPath, [new URL('./kill.child.ts', import.meta.url).pathname, folder, String(run)], {
				stdio: ['ignore', 'pipe', 'inherit']
			});
			const gone = new Promise((resolve) => child.once('exit', resolve));
			let kill: NodeJS.Timeout | undefined;
			for await (const line of createInterface({ input: child.stdout })) {
				const said = JSON.parse(line) as { acked?: string; compacted?: number };
				if (said.acked !== undefined) acknowledged.push(said.acked);
				if (said.compacted === undefined) continue;
				compactions++;
				// On a busy machine the merger's own start takes longer than the shortest of these lives.
				kill ??= setTimeout(() => child.kill('SIGKILL'), 600 + random.below(900));
			}
			await gone;
			const { raw, handle } = openReading(join(folder, 'tongping.db'));
			const loaded = await loadLive(handle, 'note/n');
			const doc = new Y.Doc();
			for (const update of loaded.snapshot === null ? loaded.updates : [loaded.snapshot, ...loaded.updates]) Y.applyUpdate(doc, update);
			const have = new Set(doc.getText('text').toString().split(' '));
			expect(
				acknowledged.filter((word) => !have.has(word)),
				`seed ${SEED} run ${run}`
			).toEqual([]);
			expect(verifyStored(raw).findings, `seed ${SEED} run ${run}`).toEqual([]);
			const replay = new Y.Doc();
			for (const { data } of await storedUpdates(handle, 'note/n')) Y.applyUpdate(replay, data);
			expect(difference(replay, doc), `seed ${SEED} run ${run}`).toBeNull();
			raw.close();
		}
		expect(acknowledged.length).toBeGreaterThan(RUNS * 20);
		expect(compactions).toBeGreaterThan(RUNS);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}, 600_000);

it('this test finds a compaction in two commits: rows gone, snapshot not yet there', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'tongping-compaction-torn-'));
	const opened = openWriting(join(folder, 'tongping.db'));
	const loop = new WriteLoop(opened, []);
	const own = new Y.Doc();
	own.getText('text').insert(0, 'word');
	await loop.run([{ kind: 'append', entries: [{ doc: 'note/n', generation: 0, update: Y.encodeStateAsUpdate(own), user: 'u', session: 's', device: 'd' }] }]);
	// The planted fault, as a kill between its two commits leaves it.
	opened.raw.exec(
		`insert into live_archive (position, doc, user, session, device, at, hash, data) select position, doc, user, session, device, at, hash, data from live_log`
	);
	opened.raw.exec('delete from live_log');
	await expect(loadLive(opened.handle, 'note/n')).rejects.toThrow('ends at 0, before its head');
	expect(standingOf(await storedUpdates(opened.handle, 'note/n'))).toMatchObject([{ text: 'word' }]);
	loop.close();
	rmSync(folder, { recursive: true, force: true });
});
