import { randomUUID } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { hospital } from '../../../kernel/server/index.ts';
import { blobPath } from './ingest/blobs.ts';
import { instancesQuery, NotAcceptable, NotFound, VARY, type InstanceRow, type Scope } from './wado.ts';

const CHUNK = 1024 * 1024;
/** Opens the file when the first byte is asked for, so that an answer nobody reads holds none open. */
async function* fileBytes(path: string, size: number): AsyncGenerator<Uint8Array, void> {
	const file = await open(path, 'r');
	try {
		for (let at = 0; at < size;) {
			const buffer = Buffer.allocUnsafe(Math.min(CHUNK, size - at));
			const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
			if (bytesRead === 0) throw new Error('a stored instance became shorter');
			at += bytesRead;
			yield buffer.subarray(0, bytesRead);
		}
	} finally {
		await file.close();
	}
}

async function* fileParts(rows: readonly InstanceRow[], boundary: string): AsyncGenerator<Uint8Array, void> {
	for (const row of rows) {
		const path = blobPath(hospital().dataDir, row.served);
		const { size } = await stat(path);
		yield Buffer.from(`--${boundary}\r\nContent-Type: application/dicom; transfer-syntax=${row.transfer_syntax}\r\nContent-Length: ${size}\r\n\r\n`);
		yield* fileBytes(path, size);
		yield Buffer.from('\r\n');
	}
	yield Buffer.from(`--${boundary}--\r\n`);
}

/** A body at its reader's pace. */
const streamed = (parts: AsyncGenerator<Uint8Array, void>): ReadableStream<Uint8Array> =>
	new ReadableStream<Uint8Array>(
		{
			async pull(controller) {
				const next = await parts.next();
				if (next.done === true) controller.close();
				else controller.enqueue(next.value);
			},
			async cancel() {
				await parts.return();
			}
		},
		{ highWaterMark: 0 }
	);

interface FileForm {
	/** the bare file, which only one instance can be */
	readonly alone: boolean;
	readonly syntax: string | null;
}
/** The forms of DICOM files somebody takes, in their order; files are sent as they are stored and never transcoded. */
function fileForm(accept: string): readonly FileForm[] {
	const ranges = accept.trim() === '' ? ['*/*'] : (accept.match(/(?:[^",]|"[^"]*"?)+/gu) ?? []);
	return ranges.flatMap((range): readonly FileForm[] => {
		const main = (range.split(';')[0] ?? '').trim().toLowerCase();
		const parameter = (name: string): string | null => new RegExp(`;\\s*${name}\\s*=\\s*"?([^";\\s]+)`, 'iu').exec(range)?.[1]?.toLowerCase() ?? null;
		const asked = parameter('transfer-syntax');
		const syntax = asked === '*' ? null : asked;
		if (main === 'application/dicom') return [{ alone: true, syntax }];
		if (main === '*/*' || main === 'multipart/*') return [{ alone: false, syntax }];
		return main === 'multipart/related' && (parameter('type') ?? 'application/dicom') === 'application/dicom' ? [{ alone: false, syntax }] : [];
	});
}

async function oneFile(row: InstanceRow): Promise<Response> {
	const path = blobPath(hospital().dataDir, row.served);
	const { size } = await stat(path);
	return new Response(streamed(fileBytes(path, size)), {
		headers: {
			'content-type': `application/dicom; transfer-syntax=${row.transfer_syntax}`,
			'content-length': String(size)
		}
	});
}

/** The files themselves, as one stream that the reader's pace drives. */
export async function instances(request: Request, scope: Scope): Promise<Response> {
	const form = fileForm(request.headers.get('accept') ?? '');
	const rows = await instancesQuery(scope)
		.select([
			'imaging_instance.id',
			'imaging_instance.uid',
			'imaging_instance.served',
			'imaging_instance.frames',
			'imaging_instance.transfer_syntax',
			'imaging_instance.frame_table'
		])
		.orderBy('imaging_instance.series')
		.orderBy('imaging_instance.number')
		.execute();
	if (rows.length === 0) throw new NotFound();
	const wire = form.find(({ syntax, alone }) => (!alone || rows.length === 1) && rows.every((row) => syntax === null || syntax === row.transfer_syntax));
	if (wire === undefined) throw new NotAcceptable();
	if (wire.alone) return oneFile(rows[0] as InstanceRow);
	const boundary = `tongping-${randomUUID()}`;
	return new Response(streamed(fileParts(rows, boundary)), {
		headers: { ...VARY, 'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}` }
	});
}
