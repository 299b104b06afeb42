import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { FhirImported } from '@tongping/domain/interoperability';
import { foundAt } from './progress.ts';
import { language, sentenceOf, type Imported, type Server } from './server.ts';

const zh: Readonly<Record<string, string>> = {
	patients: '患者',
	encounters: '就诊',
	conditions: '诊断',
	allergies: '过敏',
	observations: '检验与体征',
	medications: '用药'
};

/** Bundles one after the other; one that is refused does not stop the next. */
export async function importFhir(server: Server, path: string): Promise<Imported> {
	const { files, links, closed } = foundAt(path, (name) => name.endsWith('.json'));
	const english = language() === 'en';
	for (const link of links) console.log(`✗ ${link}: ${english ? 'a link, not followed' : '是链接，没有跟随'}`);
	for (const folder of closed) console.log(`✗ ${folder}: ${english ? 'cannot be read' : '读不到'}`);
	let refused = links.length + closed.length;
	const given = files.length + refused;
	for (const [index, file] of files.entries()) {
		const answer = await server.ask('/api/interoperability/fhir', {
			method: 'POST',
			headers: { 'content-type': 'application/fhir+json' },
			body: readFileSync(file)
		});
		const place = `${index + 1}/${files.length} ${basename(file)}`;
		if (answer.ok) {
			const { kinds } = (await answer.json()) as FhirImported;
			const parts = Object.entries(kinds).map(([kind, { found, created }]) => `${english ? kind : (zh[kind] ?? kind)} ${created}/${found}`);
			console.log(`✓ ${place}: ${parts.join(', ')}`);
		} else {
			refused++;
			console.log(`✗ ${place}: ${await sentenceOf(answer)}`);
		}
	}
	return { stored: given - refused, refused };
}
