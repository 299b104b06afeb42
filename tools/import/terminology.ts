import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { guessSystem, readTable } from '@tongping/domain/terminology';
import { importTable, type ChunkDone } from '@tongping/domain/terminology/server';
import { refusals as en } from '../../web/src/modules/terminology/code-system/i18n/en.ts';
import { refusals as zh } from '../../web/src/modules/terminology/code-system/i18n/zh-CN.ts';
import { filesAt, progress } from './progress.ts';
import { language, sentenceOf, Stopped, type Imported, type Server } from './server.ts';

const unchanged = (): string => (language() === 'en' ? ', the same as in force, nothing changed' : '，与现行的相同，没有改动');

/** Tables of `code,name`; each is checked to its last line before its first row leaves. Map tables (`from_code,to_code`) are passed over. */
export async function importTerminology(server: Server, path: string): Promise<Imported> {
	let stored = 0;
	let refused = 0;
	for (const file of filesAt(path, (name) => name.endsWith('.csv'))) {
		const text = readFileSync(file, 'utf8');
		if (/^\uFEFF?from_code,/u.test(text)) continue;
		const table = readTable(guessSystem(text), text);
		if (!table.ok) {
			refused++;
			const { code, facts } = table.refusal;
			console.log(`✗ ${basename(file)}: ${(language() === 'en' ? en : zh)[code]?.(facts) ?? code}`);
			continue;
		}
		const send = async (chunk: object): Promise<ChunkDone> => {
			const answer = await server.ask('/api/terminology/import', {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify(chunk)
			});
			if (!answer.ok) throw new Stopped(`${basename(file)}: ${await sentenceOf(answer)}`);
			return (await answer.json()) as ChunkDone;
		};
		const done = await importTable(table.value, basename(file, '.csv'), send, progress(`${basename(file)} (${table.value.system})`));
		console.log(`✓ ${basename(file)}: ${done.concepts} ${table.value.system}${done.state === 'unchanged' ? unchanged() : ''}`);
		stored++;
	}
	return { stored, refused };
}
