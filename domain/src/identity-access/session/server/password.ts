import { hash, verify, type Options } from '@node-rs/argon2';

/** argon2id, 46 MiB, five passes, one lane: above OWASP's and ASVS 11.4.2's floor; a try costs 50 to 500 ms on the servers meant (docs/benchmarks.md). `algorithm: 2` is argon2id. */
const STRENGTH: Options = { algorithm: 2, memoryCost: 47_104, timeCost: 5, parallelism: 1 };

export const hashPassword = (password: string): Promise<string> => hash(password.normalize('NFC'), STRENGTH);
export const verifyPassword = (stored: string, password: string): Promise<boolean> => verify(stored, password.normalize('NFC'));

/** True for a hash made with less than today's strength: it is renewed at the next sign-in. */
export function isWeak(stored: string): boolean {
	const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/u.exec(stored);
	return match === null || Number(match[1]) < STRENGTH.memoryCost! || Number(match[2]) < STRENGTH.timeCost!;
}
