import { readFileSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { text as en } from '../../web/src/modules/imaging/worklist/i18n/en.ts';
import { text as zh } from '../../web/src/modules/imaging/worklist/i18n/zh-CN.ts';
import { foundAt, progress } from './progress.ts';
import { language, sentenceOf, type Imported, type Server } from './server.ts';

const BOUNDARY = 'tongping-import-7f3a9c';
const BATCH_BYTES = 32 * 1024 * 1024;
const BATCH_FILES = 40;
const NAME = 100;
/** What the server takes at once; a larger file would only be read into memory to be refused. */
const MOST_BYTES = 1024 * 1024 * 1024 - 64 * 1024;

/** 0 for what is gone meanwhile: reading it will say so. */
const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** The plain form of a STOW-RS answer: what became of each file, with the reason's code. */
interface Summary {
	readonly files?: readonly {
		readonly name: string;
		readonly outcome: { readonly kind: 'stored' | 'known' | 'refused'; readonly reason?: string; readonly detail?: string };
	}[];
}

/** A number leads back to the file; the name goes along only to be shown, and only the end of it: a header has bounds. */
const part = (index: number, name: string, bytes: Buffer): Buffer[] => [
	Buffer.from(`--${BOUNDARY}\r\nContent-Type: application/dicom\r\nContent-Location: ${index}/${encodeURIComponent(name.toWellFormed().slice(-NAME))}\r\n\r\n`),
	bytes,
	Buffer.from('\r\n')
];

/** Files in groups that fit into memory; one that is larger goes alone. */
function batches(files: readonly string[]): string[][] {
	const groups: string[][] = [];
	let bytes = 0;
	for (const file of files) {
		const size = sizeOf(file);
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

/** The bytes, or null for what cannot be read: gone meanwhile, or not ours to read. */
function bytesOf(file: string): Buffer | null {
	try {
		return readFileSync(file);
	} catch (error) {
		if (!(error instanceof Error && 'code' in error)) throw error;
		return null;
	}
}

/** One request. Null where the line broke before there was an answer. */
async function send(server: Server, body: Buffer<ArrayBuffer>): Promise<Response | null> {
	try {
		return await server.ask('/dicomweb/studies', {
			method: 'POST',
			headers: { 'content-type': `multipart/related; type="application/dicom"; boundary=${BOUNDARY}`, accept: 'application/json' },
			body
		});
	} catch (error) {
		// What `fetch` throws when the other end is gone.
		if (!(error instanceof TypeError)) throw error;
		return null;
	}
}

/** Every file is stored or refused by name with its reason; one bad file costs nothing but itself. */
export async function importDicom(server: Server, path: string): Promise<Imported> {
	const { files, links, closed } = foundAt(path, (name) => !name.startsWith('.') && !/\.(txt|md|csv|json|html|zip)$/iu.test(name));
	const show = progress('DICOM');
	const { reasons: words, unreachable } = (language() === 'en' ? en : zh).upload;
	const refused: string[] = [];
	const refuse = (file: string, why: string): void => void refused.push(`✗ ${relative(path, file) || file}: ${why}`);
	for (const link of links) refuse(link, words['link'] ?? 'link');
	for (const folder of closed) refuse(folder, words['unreadable'] ?? 'unreadable');
	const small = files.filter((file) => {
		const size = sizeOf(file);
		if (size > MOST_BYTES) refuse(file, words['too-large'] ?? 'too-large');
		return size <= MOST_BYTES;
	});
	let done = files.length - small.length;
	for (const group of batches(small)) {
		const parts = group.map((file, index) => {
			const bytes = bytesOf(file);
			if (bytes === null) refuse(file, words['unreadable'] ?? 'unreadable');
			return bytes === null ? [] : part(index, relative(path, file) || file, bytes);
		});
		const sent = group.filter((_, index) => parts[index]?.length !== 0);
		const answer = sent.length === 0 ? null : await send(server, Buffer.concat([...parts.flat(), Buffer.from(`--${BOUNDARY}--\r\n`)]));
		if (answer === null) for (const file of sent) refuse(file, unreachable);
		else {
			const summary = [200, 202, 400, 409, 413].includes(answer.status) ? ((await answer.clone().json()) as Summary) : {};
			const outcomes = new Map((summary.files ?? []).map(({ name, outcome }) => [parseInt(name, 10), outcome]));
			const sentence = sent.length > outcomes.size ? await sentenceOf(answer) : '';
			for (const [index, file] of group.entries()) {
				if (!sent.includes(file)) continue;
				const outcome = outcomes.get(index);
				if (outcome === undefined) refuse(file, sentence);
				else if (outcome.kind === 'refused') refuse(file, `${words[outcome.reason ?? ''] ?? outcome.reason}${outcome.detail ? ` (${outcome.detail})` : ''}`);
			}
		}
		done += group.length;
		show(done, files.length);
	}
	for (const line of refused) console.log(line);
	return { stored: files.length + links.length + closed.length - refused.length, refused: refused.length };
}
