export interface Part {
	readonly contentType: string;
	readonly bytes: Uint8Array<ArrayBuffer>;
}

const find = (bytes: Uint8Array, pattern: Uint8Array, from: number): number => {
	const last = bytes.length - pattern.length;
	for (let i = bytes.indexOf(pattern[0] ?? 0, from); i !== -1 && i <= last; i = bytes.indexOf(pattern[0] ?? 0, i + 1)) {
		let same = 1;
		while (same < pattern.length && bytes[i + same] === pattern[same]) same++;
		if (same === pattern.length) return i;
	}
	return -1;
};

/** The first part of a multipart/related body (PS3.18 8.6.1.2); a body of any other type is its own single part. */
export function firstPart(body: Uint8Array<ArrayBuffer>, contentType: string): Part {
	const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
	if (!/^multipart\//i.test(contentType) || boundary === undefined) return { contentType, bytes: body };
	const encoder = new TextEncoder();
	const start = find(body, encoder.encode(`--${boundary}`), 0);
	const head = find(body, encoder.encode('\r\n\r\n'), Math.max(start, 0));
	if (start === -1 || head === -1) throw new Error('the multipart answer has no part');
	const headers = new TextDecoder().decode(body.subarray(start, head));
	const length = Number(/content-length:\s*(\d+)/i.exec(headers)?.[1] ?? NaN);
	const from = head + 4;
	// Looking for the end marker from the back: pixel data may contain it by chance.
	const tail = encoder.encode(`\r\n--${boundary}`);
	const end = Number.isFinite(length) ? from + length : lastIndex(body, tail, from);
	if (end > body.length || end < from) throw new Error('the multipart answer is cut short');
	return { contentType: /content-type:\s*([^\r\n]+)/i.exec(headers)?.[1]?.trim() ?? '', bytes: body.slice(from, end) };
}

function lastIndex(bytes: Uint8Array, pattern: Uint8Array, from: number): number {
	for (let i = bytes.length - pattern.length; i >= from; i--) {
		let same = 0;
		while (same < pattern.length && bytes[i + same] === pattern[same]) same++;
		if (same === pattern.length) return i;
	}
	return -1;
}

export const transferSyntaxOf = (contentType: string): string | null => /transfer-syntax="?([\d.]+)"?/i.exec(contentType)?.[1] ?? null;
