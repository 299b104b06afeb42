import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import type { RawDatabase } from '../../../kernel/server/bind-guard.ts';
import { openWriting } from '../../../kernel/server/database.ts';
import { sha256Hex } from '../content.ts';

/** more by SIGN_KILLS=200 */
const KILLS = Number(process.env['SIGN_KILLS'] ?? 6);
const inside = mkdtempSync(join(tmpdir(), 'tongping-signing-'));
afterAll(() => {
	rmSync(inside, { recursive: true, force: true });
});

interface Told {
	readonly dataDir: string;
	/** the last version of each note that was confirmed before the kill */
	readonly confirmed: ReadonlyMap<string, number>;
}
/** Signs until `afterMs` have passed since the first signature, then there is no power any more. */
function killedSigning(afterMs: number): Promise<Told> {
	const child = spawn(process.execPath, [new URL('killed-signing.child.ts', import.meta.url).pathname, inside], { stdio: ['ignore', 'pipe', 'inherit'] });
	const confirmed = new Map<string, number>();
	let dataDir = '';
	createInterface({ input: child.stdout }).on('line', (line) => {
		const said = JSON.parse(line) as { dataDir?: string; note?: string; version?: number };
		dataDir = said.dataDir ?? dataDir;
		if (said.note === undefined) return;
		if (confirmed.size === 0) setTimeout(() => child.kill('SIGKILL'), afterMs);
		confirmed.set(said.note, said.version ?? 0);
	});
	return new Promise((resolve) => {
		child.once('close', () => resolve({ dataDir, confirmed }));
	});
}

/** Notes that are neither open nor signed nor sealed, but something between. */
function halfDone(raw: RawDatabase): readonly string[] {
	const notes = raw.prepare('select id, version, sealed from note').all([]) as { id: string; version: number; sealed: number }[];
	return notes.flatMap(({ id, version, sealed }) => {
		const versions = raw.prepare('select version, content, content_hash from note_version where note = ? order by version').all([id]) as {
			version: number;
			content: string;
			content_hash: string;
		}[];
		const signatures = raw.prepare('select version, content_hash from note_signature where note = ? order by version').all([id]) as {
			version: number;
			content_hash: string;
		}[];
		const room = raw.prepare('select sealed, generation from live_document where id = ?').get([`note/${id}`]) as
			{ sealed: number; generation: number } | undefined;
		const problems = [
			...(versions.length === version && signatures.length === version ? [] : ['versions, signatures and the note disagree']),
			...(versions.every((row, i) => row.content_hash === signatures[i]?.content_hash && sha256Hex(row.content) === row.content_hash)
				? []
				: ['a hash does not hold']),
			...((version === 2) === (sealed === 1) && (room?.sealed ?? 0) === sealed ? [] : ['the seal of the note and of its room disagree']),
			...((room?.generation ?? 0) === version ? [] : ['the rights of the room are of another version'])
		];
		return problems.map((problem) => `${id}: ${problem}`);
	});
}

describe('kill -9 while notes are signed', () => {
	it(`leaves every note open, signed or sealed, nothing between, and every confirmed signature (${String(KILLS)} kills)`, { timeout: 3_600_000 }, async () => {
		for (let run = 0; run < KILLS; run++) {
			const { dataDir, confirmed } = await killedSigning((run * 37) % 151);
			const { raw } = openWriting(join(dataDir, 'tongping.db'));
			try {
				expect(confirmed.size).toBeGreaterThan(0);
				expect(halfDone(raw)).toEqual([]);
				for (const [note, version] of confirmed)
					expect((raw.prepare('select version from note where id = ?').get([note]) as { version: number }).version).toBeGreaterThanOrEqual(version);
				// What a half-done seal would look like is found.
				const [sealed] = [...confirmed].find(([, version]) => version === 2) ?? [];
				if (sealed === undefined) continue;
				raw.prepare('update live_document set sealed = 0 where id = ?').run([`note/${sealed}`]);
				expect(halfDone(raw)).toEqual([`${sealed}: the seal of the note and of its room disagree`]);
			} finally {
				raw.close();
			}
		}
	});
});
