/** A house that compacts the same documents again and again while they are written, until somebody kills it. */
import { openWriting, WriteLoop, type LiveCompacted, type Work } from '@tongping/domain/kernel/server';
import { join } from 'node:path';
import * as Y from 'yjs';
import { createCompactor } from './index.ts';

const [folder = '', seed = '0'] = process.argv.slice(2);
const file = join(folder, 'tongping.db');
const loop = new WriteLoop(openWriting(file), []);
let line: Promise<unknown> = Promise.resolve();
/** One batch at a time, as the writer thread takes them. */
const run = (work: Work): Promise<unknown> => {
	const done = line.then(async () => {
		const answer = (await loop.run([work])).answers[0]!;
		if (answer.kind === 'fault') throw new Error(answer.message);
		return answer.kind === 'value' ? answer.value : null;
	});
	line = done.catch(() => undefined);
	return done;
};
const compactor = createCompactor({
	file,
	commit: async (compaction) => (await run({ kind: 'task', name: 'kernel.live-compact', input: compaction })) as LiveCompacted,
	archive: async (doc) => (await run({ kind: 'task', name: 'kernel.live-archive', input: { doc } })) as boolean
});
const own = new Y.Doc();
const text = own.getText('text');
let written = 0;
let compacted = 0;
own.on('update', (update: Uint8Array) => {
	const word = `${seed}:${written++}`;
	run({ kind: 'append', entries: [{ doc: 'note/n', generation: 0, update, user: 'u', session: 's', device: 'd' }] }).then(
		() => process.stdout.write(`${JSON.stringify({ acked: word })}\n`),
		(error: unknown) => {
			console.error(error);
			process.exit(3);
		}
	);
});
setInterval(() => {
	text.insert(text.length, `${seed}:${written} `);
}, 2);
for (;;) {
	if ((await compactor.compact('note/n')) !== null) process.stdout.write(`${JSON.stringify({ compacted: ++compacted })}\n`);
	await new Promise((resolve) => setTimeout(resolve, 5));
}
