/**
 * The product's own write loop, appending to live documents and confirming each batch by a line in `acks`. Run under a
 * tracer by power-cut.ts: node power-cut-workload.ts <folder> <FULL|NORMAL|OFF> <batches>
 */
import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openWriting, WriteLoop } from '@tongping/domain/kernel/server';

const [folder = '', mode = 'FULL', batches = '400'] = process.argv.slice(2);
const loop = new WriteLoop(openWriting(join(folder, 'tongping.db'), mode as 'FULL'), []);
const acks = openSync(join(folder, 'acks'), 'w');
writeSync(acks, '0\n');
for (let batch = 1; batch <= Number(batches); batch++) {
	const entries = [0, 1, 2].map((doc) => ({
		doc: `note/${String(doc)}`,
		generation: 0,
		update: new TextEncoder().encode(`batch ${String(batch)} ${'字'.repeat(batch % 40)}`),
		user: 'writer',
		session: 'power-cut'
	}));
	const { answers } = await loop.run([{ kind: 'append', entries }]);
	const [answer] = answers;
	if (answer?.kind !== 'appended' || answer.results.some((result) => !result.ok))
		throw new Error(`batch ${String(batch)} was not stored: ${JSON.stringify(answer)}`);
	writeSync(acks, `${String(batch)}\n`);
}
// The power goes: nothing is closed, nothing is checkpointed by good manners.
process.kill(process.pid, 'SIGKILL');
