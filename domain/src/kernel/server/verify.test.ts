import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditHead } from './audit.ts';
import type { RawDatabase } from './bind-guard.ts';
import { openWriting } from './database.ts';
import { houseWithPast, TAMPERINGS, tamperRuns } from './tampering.fixtures.ts';
import type { TestHospital } from './test-hospital.ts';
import { verifyStored } from './verify.ts';

const SEED = 20261122;
let house: TestHospital;
let outside: readonly AuditHead[];
let raw: RawDatabase;
beforeAll(async () => {
	({ house, outside } = await houseWithPast(SEED));
	({ raw } = openWriting(join(house.dataDir, 'tongping.db')));
});
afterAll(async () => {
	raw.close();
	await house.close();
});

describe('the verifier', () => {
	it('finds nothing in a house nobody touched', () => {
		const verified = verifyStored(raw, outside);
		expect(verified).toMatchObject({ liveRows: 36, documents: 5, outside: outside.length, findings: [] });
		expect(verified.anchors).toBeGreaterThan(5);
	});

	it('finds every one of a few hundred changes, removals, moves and cut ends (10,000: npm run faults:tamper)', () => {
		const runs = Object.keys(TAMPERINGS).length * 20;
		const result = tamperRuns(raw, { runs, seed: SEED }, () => verifyStored(raw, outside).findings.length > 0);
		expect(result.missed, `seed ${SEED}`).toEqual([]);
		expect(Object.keys(result.byKind).toSorted()).toEqual(Object.keys(TAMPERINGS).toSorted());
	});

	it('needs what is kept outside: without it a whole chain written anew and a cut end pass', () => {
		const runs = Object.keys(TAMPERINGS).length * 3;
		const { missed } = tamperRuns(raw, { runs, seed: SEED }, () => verifyStored(raw, []).findings.length > 0);
		expect([...new Set(missed.map(({ kind }) => kind))].toSorted()).toEqual([
			'a live row changed, its chain, the anchors and the audit written anew',
			'the end of the audit cut off',
			'the seal taken off, and the audit of it written anew',
			'the whole audit written anew'
		]);
	});

	it('names the document, the position and what is wrong', () => {
		raw.exec('savepoint here');
		const { position, doc } = raw.prepare('select position, doc from live_log order by position desc limit 1').get([]) as { position: number; doc: string };
		raw.prepare('update live_log set user = ? where position = ?').run(['thief', BigInt(position)]);
		expect(verifyStored(raw, outside).findings).toMatchObject([{ kind: 'broken', where: doc, position: Number(position) }]);
		raw.exec('rollback to here');
		raw.prepare('delete from live_log where position = ?').run([BigInt(position)]);
		expect(verifyStored(raw, outside).findings.map(({ kind, where }) => `${kind} ${where}`)).toEqual(expect.arrayContaining([`end ${doc}`, `anchor ${doc}`]));
		raw.exec('rollback to here');
		raw.exec('release here');
	});
});
