/**
 * A streaming reader of multipart/related (RFC 2046, RFC 2387) that trusts no length: header size, part count, part size and total are bounded,
 * and at most one chunk and one delimiter are held in memory.
 */
export interface MultipartLimits {
	readonly parts: number;
	readonly headerBytes: number;
	readonly partBytes: number;
	readonly totalBytes: number;
}
export type MultipartFault = 'not-multipart' | 'boundary' | 'headers' | 'too-many-parts' | 'too-large' | 'cut-short';

export class BadMultipart extends Error {
	readonly fault: MultipartFault;
	constructor(fault: MultipartFault) {
		super(fault);
		this.name = 'BadMultipart';
		this.fault = fault;
	}
}

export interface PartSink {
	/** `headers` in lower case. Answers where the bytes of this part go; null skips them. */
	begin(headers: ReadonlyMap<string, string>): Promise<PartTarget | null>;
}
export interface PartTarget {
	write(bytes: Buffer): Promise<void>;
	/** `tooLarge`: the part went over its bound and what was written is not whole */
	end(state: 'whole' | 'too-large'): Promise<void>;
	/** the upload broke off inside this part */
	abort(): Promise<void>;
}

/** RFC 2046: up to 70 characters of a small alphabet. */
export function boundaryOf(contentType: string): { readonly boundary: string; readonly type: string | null } {
	if (!/^multipart\/related\s*;/iu.test(contentType)) throw new BadMultipart('not-multipart');
	const parameter = (name: string): string | null => {
		const match = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]{1,200})"|([^\\s;"]{1,200}))`, 'iu').exec(contentType);
		return match?.[1] ?? match?.[2] ?? null;
	};
	const boundary = parameter('boundary');
	if (boundary === null || !/^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/u.test(boundary)) throw new BadMultipart('boundary');
	return { boundary, type: parameter('type')?.toLowerCase() ?? null };
}

function parseHeaders(block: string): ReadonlyMap<string, string> {
	const headers = new Map<string, string>();
	for (const line of block.split('\r\n')) {
		const colon = line.indexOf(':');
		if (line === '') continue;
		if (colon < 1 || !/^[\w-]+$/u.test(line.slice(0, colon))) throw new BadMultipart('headers');
		headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
	}
	return headers;
}

export async function readMultipart(body: AsyncIterable<Uint8Array>, boundary: string, limits: MultipartLimits, sink: PartSink): Promise<void> {
	const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
	// A virtual CRLF lets the first delimiter look like the others.
	let held: Buffer = Buffer.from('\r\n', 'latin1');
	let state = 'preamble' as 'preamble' | 'delimiter' | 'headers' | 'body' | 'done';
	let target: PartTarget | null = null;
	let inPart = false;
	let parts = 0;
	let size = 0;
	let total = 0;

	const pass = async (bytes: Buffer): Promise<void> => {
		if (bytes.length === 0 || state !== 'body') return;
		size += bytes.length;
		if (size <= limits.partBytes) await target?.write(bytes);
	};
	const advance = async (): Promise<boolean> => {
		switch (state) {
			case 'preamble':
			case 'body': {
				const at = held.indexOf(delimiter);
				if (at < 0) {
					const safe = Math.max(0, held.length - delimiter.length);
					const ready = held.subarray(0, safe);
					held = held.subarray(safe);
					if (state === 'preamble' && total > limits.headerBytes) throw new BadMultipart('boundary');
					await pass(ready);
					return false;
				}
				await pass(held.subarray(0, at));
				if (inPart) await target?.end(size > limits.partBytes ? 'too-large' : 'whole');
				target = null;
				inPart = false;
				held = held.subarray(at + delimiter.length);
				state = 'delimiter';
				return true;
			}
			case 'delimiter': {
				if (held.length < 2) return false;
				if (held.toString('latin1', 0, 2) === '--') {
					state = 'done';
					return true;
				}
				// Blanks may follow a boundary.
				const end = held.indexOf('\r\n');
				if (end < 0) {
					if (held.length > limits.headerBytes) throw new BadMultipart('headers');
					return false;
				}
				if (!/^[ \t]*$/u.test(held.toString('latin1', 0, end))) throw new BadMultipart('boundary');
				held = held.subarray(end);
				if (++parts > limits.parts) throw new BadMultipart('too-many-parts');
				state = 'headers';
				return true;
			}
			case 'headers': {
				const end = held.indexOf('\r\n\r\n');
				if (end > limits.headerBytes || (end < 0 && held.length > limits.headerBytes)) throw new BadMultipart('headers');
				if (end < 0) return false;
				const headers = parseHeaders(held.toString('latin1', 0, end));
				held = held.subarray(end + 4);
				size = 0;
				inPart = true;
				target = await sink.begin(headers);
				state = 'body';
				return true;
			}
			case 'done':
				held = Buffer.alloc(0);
				return false;
		}
	};
	try {
		for await (const chunk of body) {
			total += chunk.length;
			if (total > limits.totalBytes) throw new BadMultipart('too-large');
			held = held.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([held, chunk]);
			while (await advance());
		}
		if (state !== 'done') throw new BadMultipart('cut-short');
	} catch (error) {
		await (target as PartTarget | null)?.abort();
		throw error;
	}
}
