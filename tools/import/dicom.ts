import { readFileSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { text as en } from '../../web/src/modules/imaging/worklist/i18n/en.ts';
import { text as zh } from '../../web/src/modules/imaging/worklist/i18n/zh-CN.ts';
import { filesAt, progress } from './progress.ts';
import { language, sentenceOf, type Imported, type Server } from './server.ts';

const BOUNDARY = 'tongping-import-7f3a9c';
const BATCH_BYTES = 32 * 1024 * 1024;
const BATCH_FILES = 40;

/** The plain form of a STOW-RS answer: what became of each file, with the reason's code. */
interface Summary {
	readonly files?: readonly {
		readonly name: string;
		readonly outcome: { readonly kind: 'stored' | 'known' | 'refused'; readonly reason?: string; readonly detail?: string };
	}[];
}

const part = (name: string, file: string): Buffer[] => [
	Buffer.from(`--${BOUNDARY}\r\nContent-Type: application/dicom\r\nContent-Location: ${encodeURIComponent(name)}\r\n\r\n`),
	readFileSync(file),
	Buffer.from('\r\n')
];

/** Files in groups that fit into memory; one that is larger goes alone. */
function batches(files: readonly string[]): string[][] {
	const groups: string[][] = [];
	let bytes = 0;
	for (const file of files) {
		const { size } = statSync(file);
		const last = groups.at(-1);
		if (last === undefined || last.length >= BATCH_FILES || bytes + size > BATCH_BYTES) {
			groups.push([file]);
			bytes = size;
		} else {
			last.push(file);
			bytes += size;
		}
	}
	return groups;
}

/** Every file is stored or refused by name with its reason; one bad file costs nothing but itself. */
export async function importDicom(server: Server, path: string): Promise<Imported> {
	const files = filesAt(path, (name) => !name.startsWith('.') && !/\.(txt|md|csv|json|html|zip)$/iu.test(name));
	const show = progress('DICOM');
	const reasons: string[] = [];
	const words = (language() === 'en' ? en : zh).upload.reasons;
	let done = 0;
	for (const group of batches(files)) {
		const body = Buffer.concat([...group.flatMap((file) => part(relative(path, file) || file, file)), Buffer.from(`--${BOUNDARY}--\r\n`)]);
		const answer = await server.ask('/dicomweb/studies', {
			method: 'POST',
			headers: { 'content-type': `multipart/related; type="application/dicom"; boundary=${BOUNDARY}`, accept: 'application/json' },
			body
		});
		const summary = [200, 202, 409, 413].includes(answer.status) ? ((await answer.clone().json()) as Summary) : {};
		if (summary.files === undefined) {
			const sentence = await sentenceOf(answer);
			reasons.push(...group.map((file) => `✗ ${relative(path, file) || file}: ${sentence}`));
		} else {
			for (const { name, outcome } of summary.files)
				if (outcome.kind === 'refused')
					reasons.push(`✗ ${name}: ${words[outcome.reason ?? ''] ?? outcome.reason}${outcome.detail ? ` (${outcome.detail})` : ''}`);
		}
		done += group.length;
		show(done, files.length);
	}
	for (const reason of reasons) console.log(reason);
	return { stored: files.length - reasons.length, refused: reasons.length };
}
