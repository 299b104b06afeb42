import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** The password of the demo accounts: given by the operator, or made once, kept beside the data (readable by its owner only) and printed. */
export function demoPassword(dataDir: string, given: string | undefined): string {
	if (given) return given;
	const file = join(dataDir, 'demo-password');
	if (existsSync(file)) return readFileSync(file, 'utf8').trim();
	const password = Array.from({ length: 14 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
	mkdirSync(dataDir, { recursive: true });
	writeFileSync(file, `${password}\n`, { mode: 0o600 });
	return password;
}
