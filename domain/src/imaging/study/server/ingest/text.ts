/**
 * SpecificCharacterSet (PS3.3 C.12.1.1.2) to text. Bytes that do not fit what the file declares never stop it: they are shown as well as
 * they can be and the instance is flagged, because a garbled name must not be mistaken for a person's.
 */
export interface Charset {
	readonly labels: readonly string[];
	readonly known: boolean;
}

const SINGLE: Readonly<Record<string, string>> = {
	'': 'windows-1252',
	'ISO_IR 6': 'windows-1252',
	'ISO_IR 100': 'windows-1252',
	'ISO_IR 101': 'iso-8859-2',
	'ISO_IR 109': 'iso-8859-3',
	'ISO_IR 110': 'iso-8859-4',
	'ISO_IR 144': 'iso-8859-5',
	'ISO_IR 127': 'iso-8859-6',
	'ISO_IR 126': 'iso-8859-7',
	'ISO_IR 138': 'iso-8859-8',
	'ISO_IR 148': 'windows-1254',
	'ISO_IR 203': 'iso-8859-15',
	'ISO_IR 13': 'shift_jis',
	'ISO_IR 166': 'windows-874',
	'ISO_IR 192': 'utf-8',
	GB18030: 'gb18030',
	GBK: 'gb18030'
};
/** Escape sequences of ISO 2022 that stand in DICOM text, by the bytes after ESC. */
const ESCAPES: readonly (readonly [string, string])[] = [
	['$)A', 'gb18030'],
	['$)C', 'euc-kr'],
	['$B', 'jis'],
	['$(D', 'jis0212'],
	['(J', 'ascii'],
	['(B', 'ascii'],
	[')I', 'shift_jis'],
	['-A', 'windows-1252'],
	['-B', 'iso-8859-2'],
	['-C', 'iso-8859-3'],
	['-D', 'iso-8859-4'],
	['-L', 'iso-8859-5'],
	['-G', 'iso-8859-6'],
	['-F', 'iso-8859-7'],
	['-H', 'iso-8859-8'],
	['-M', 'windows-1254'],
	['-b', 'iso-8859-15'],
	['-T', 'windows-874']
];

export function charsetOf(declared: readonly string[]): Charset {
	const names = (declared.length === 0 ? [''] : declared).map((name) =>
		name
			.trim()
			.toUpperCase()
			.replace(/^ISO 2022 IR/u, 'ISO_IR')
			.replace(/^ISO-IR/u, 'ISO_IR')
			.replace(/^UTF-?8$/u, 'ISO_IR 192')
	);
	const labels = names.map(
		(name) =>
			SINGLE[name] ?? (name === 'ISO_IR 58' ? 'gb18030' : name === 'ISO_IR 149' ? 'euc-kr' : name === 'ISO_IR 87' || name === 'ISO_IR 159' ? 'iso-2022-jp' : '')
	);
	return { labels: labels.map((label) => label || 'windows-1252'), known: !labels.includes('') };
}

const decoders = new Map<string, TextDecoder>();
function decode(label: string, bytes: Uint8Array, fatal: boolean): string {
	const key = `${label}${fatal ? '!' : ''}`;
	let decoder = decoders.get(key);
	if (decoder === undefined) decoders.set(key, (decoder = new TextDecoder(label, { fatal })));
	return decoder.decode(bytes);
}
function tryDecode(label: string, bytes: Uint8Array): string | null {
	try {
		return decode(label, bytes, true);
	} catch (error) {
		if (error instanceof TypeError) return null;
		throw error;
	}
}

/** Decodes what stands between two escape sequences. */
function segment(label: string, bytes: Uint8Array): string | null {
	if (label === 'jis' || label === 'jis0212') {
		const escape = label === 'jis' ? [0x1b, 0x24, 0x42] : [0x8f];
		if (label === 'jis') return tryDecode('iso-2022-jp', Uint8Array.of(...escape, ...bytes, 0x1b, 0x28, 0x42));
		const euc = new Uint8Array((bytes.length / 2) * 3);
		for (let at = 0, to = 0; at + 1 < bytes.length; at += 2, to += 3) euc.set([0x8f, (bytes[at] as number) | 0x80, (bytes[at + 1] as number) | 0x80], to);
		return tryDecode('euc-jp', euc);
	}
	return tryDecode(label === 'ascii' ? 'windows-1252' : label, bytes);
}

function decodeEscaped(bytes: Uint8Array, initial: string): string | null {
	let label = initial === 'iso-2022-jp' ? 'windows-1252' : initial;
	let text = '';
	let start = 0;
	const flush = (end: number): boolean => {
		if (end > start) {
			const part = segment(label, bytes.subarray(start, end));
			if (part === null) return false;
			text += part;
		}
		return true;
	};
	for (let at = 0; at < bytes.length; at++) {
		const byte = bytes[at];
		if (byte === 0x1b) {
			if (!flush(at)) return null;
			const rest = String.fromCharCode(...bytes.subarray(at + 1, at + 4));
			const found = ESCAPES.find(([sequence]) => rest.startsWith(sequence));
			if (found === undefined) return null;
			label = found[1];
			at += found[0].length;
			start = at + 1;
		}
	}
	return flush(bytes.length) ? text : null;
}

const hasHigh = (bytes: Uint8Array): boolean => bytes.some((byte) => byte >= 0x80);
const han = /\p{Script=Han}/u;

export interface Decoded {
	readonly text: string;
	/** the bytes contradict the declared character set */
	readonly wrong: boolean;
}

export function decodeText(bytes: Uint8Array, charset: Charset): Decoded {
	const clean = (text: string): string => text.replaceAll('\0', '').toWellFormed();
	if (bytes.includes(0x1b)) {
		const text = decodeEscaped(bytes, charset.labels[0] ?? 'windows-1252');
		return text === null ? { text: clean(decode('windows-1252', bytes, false).replaceAll('\u001b', '')), wrong: true } : { text: clean(text), wrong: false };
	}
	if (!hasHigh(bytes)) return { text: clean(decode('windows-1252', bytes, false)), wrong: false };
	const label =
		charset.labels.length > 1 && charset.labels[0] === 'windows-1252'
			? (charset.labels.find((each) => each !== 'windows-1252' && each !== 'iso-2022-jp') ?? 'windows-1252')
			: (charset.labels[0] ?? 'windows-1252');
	const declared = tryDecode(label === 'iso-2022-jp' ? 'windows-1252' : label, bytes);
	if (declared === null || !charset.known) {
		const guess = tryDecode('utf-8', bytes) ?? tryDecode('gb18030', bytes);
		return { text: clean(guess ?? decode('windows-1252', bytes, false)), wrong: true };
	}
	if (label !== 'windows-1252') return { text: clean(declared), wrong: false };
	// Latin-1 accepts every byte; Chinese written under its name is the commonest mistake of all.
	const utf8 = tryDecode('utf-8', bytes);
	if (utf8 !== null) return { text: clean(utf8), wrong: true };
	const pairs = bytes.reduce((runs, byte, at) => runs + (byte >= 0xb0 && (bytes[at + 1] ?? 0) >= 0xa1 ? 1 : 0), 0);
	const gbk = pairs >= 2 ? tryDecode('gb18030', bytes) : null;
	return gbk !== null && han.test(gbk) ? { text: clean(gbk), wrong: true } : { text: clean(declared), wrong: false };
}
