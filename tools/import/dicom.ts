import { readFileSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { filesAt, progress } from './progress.ts';
import { sentenceOf, type Imported, type Server } from './server.ts';

const BOUNDARY = 'tongping-import';
/** Parts of a STOW-RS answer (PS3.18 10.5.3): stored or failed instances, with the reason in words. */
interface Stored {
	readonly '00081199'?: { readonly Value?: readonly unknown[] };
	readonly '00081198'?: { readonly Value?: readonly { readonly '00081197'?: { readonly Value?: readonly number[] } }[] };
	readonly refused?: readonly { readonly message: string }[];
}

function multipart(file: string): Buffer<ArrayBuffer> {
	const head = `--${BOUNDARY}\r\nContent-Type: application/dicom\r\nContent-Location: ${encodeURIComponent(basename(file))}\r\n\r\n`;
	return Buffer.concat([Buffer.from(head), readFileSync(file), Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]);
}

/** One file a request: each is stored or refused by name, and one bad file costs nothing but itself. */
export async function importDicom(server: Server, path: string): Promise<Imported> {
	const files = filesAt(path, (name) => !name.startsWith('.') && !/\.(txt|md|csv|json|html|zip)$/iu.test(name));
	const show = progress('DICOM');
	const reasons: string[] = [];
	for (const [index, file] of files.entries()) {
		const answer = await server.ask('/dicomweb/studies', {
			method: 'POST',
			headers: { 'content-type': `multipart/related; type="application/dicom"; boundary=${BOUNDARY}`, accept: 'application/dicom+json' },
			body: multipart(file)
		});
		const reason = answer.ok ? await failureOf(answer) : await sentenceOf(answer);
		if (reason !== null) reasons.push(`✗ ${relative(path, file) || basename(file)}: ${reason}`);
		show(index + 1, files.length);
	}
	for (const reason of reasons) console.log(reason);
	return { stored: files.length - reasons.length, refused: reasons.length };
}

/** 200 and 202 may still carry failed instances. */
async function failureOf(answer: Response): Promise<string | null> {
	const body = (await answer.json()) as Stored;
	const failed = body['00081198']?.Value ?? [];
	if (failed.length === 0) return null;
	return body.refused?.[0]?.message ?? `failure reason 0x${(failed[0]?.['00081197']?.Value?.[0] ?? 0).toString(16)}`;
}
