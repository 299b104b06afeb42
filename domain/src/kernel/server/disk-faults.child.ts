/** A writer alone in its process, for faults that only the system can make: appends one row after the other and says what it was told. */
import { join } from 'node:path';
import { openWriting } from './database.ts';
import { WriteLoop } from './write-loop.ts';

const [folder = '', rows = '0', stopAt = '0'] = process.argv.slice(2);
const loop = new WriteLoop(openWriting(join(folder, 'tongping.db')), []);
for (let i = 0; i < Number(rows); i++) {
	const update = new TextEncoder().encode(`row ${i} `.padEnd(64, '.'));
	const { answers, storage } = await loop.run([{ kind: 'append', entries: [{ doc: 'note/n', generation: 0, update, user: 'u', session: 's', device: 'd' }] }]);
	process.stdout.write(`${JSON.stringify({ i, stored: answers[0]!.kind === 'appended', storage })}\n`);
	if (i === Number(stopAt)) process.stdout.write('{"mark":true}\n');
}
// No orderly close: what counts is what the disk has.
process.exit(0);
