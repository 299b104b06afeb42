import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { FhirImported } from '@tongping/domain/interoperability';
import { filesAt } from './progress.ts';
import { sentenceOf, type Imported, type Server } from './server.ts';

/** Bundles one after the other; one that is refused does not stop the next. */
export async function importFhir(server: Server, path: string): Promise<Imported> {
	const files = filesAt(path, (name) => name.endsWith('.json'));
	let refused = 0;
	for (const [index, file] of files.entries()) {
		const answer = await server.ask('/api/interoperability/fhir', {
			method: 'POST',
			headers: { 'content-type': 'application/fhir+json' },
			body: readFileSync(file)
		});
		const place = `${index + 1}/${files.length} ${basename(file)}`;
		if (answer.ok) {
			const { kinds } = (await answer.json()) as FhirImported;
			const parts = Object.entries(kinds).map(([kind, { found, created }]) => `${kind} ${created}/${found}`);
			console.log(`✓ ${place}: ${parts.join(', ')}`);
		} else {
			refused++;
			console.log(`✗ ${place}: ${await sentenceOf(answer)}`);
		}
	}
	return { stored: files.length - refused, refused };
}
