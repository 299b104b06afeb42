import { randomInt } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

const fileIn = (dataDir: string): string => join(dataDir, 'demo-password');

/** The password of the demo accounts: given by the operator, or the one kept beside the data, or made now. */
export function demoPassword(dataDir: string, given: string | undefined): string {
	if (given) return given;
	const file = fileIn(dataDir);
	if (existsSync(file)) return readFileSync(file, 'utf8').trim();
	return Array.from({ length: 14 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/** Kept beside the data, readable by its owner only, for the next start and for imports. Only by the server that holds the folder. */
export function keepDemoPassword(dataDir: string, password: string): void {
	const file = fileIn(dataDir);
	if (!existsSync(file) || readFileSync(file, 'utf8').trim() !== password) writeFileSync(file, `${password}\n`, { mode: 0o600 });
}
