import { importVaultKey, type VaultKey } from './vault.ts';

/** A document is not opened before this; a network that swallows requests must not keep it shut. */
const PATIENCE_MS = 5000;
const keys = new Map<string, Promise<VaultKey>>();

/** The signed-in person's key, asked for once and kept in memory only. Rejects when offline, signed out, or when somebody else is signed in. */
export function vaultKeyOf(user: string): Promise<VaultKey> {
	const known = keys.get(user);
	if (known !== undefined) return known;
	const asking = ask(user);
	keys.set(user, asking);
	asking.catch(() => keys.delete(user));
	return asking;
}

async function ask(user: string): Promise<VaultKey> {
	const response = await fetch('/api/session/vault-key', { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(PATIENCE_MS) });
	if (!response.ok) throw new Error(`vault key: HTTP ${String(response.status)}`);
	const answer = (await response.json()) as { readonly key: string; readonly user?: string };
	// Another tab may have signed somebody else in: that key must never lock this person's words.
	if (answer.user !== undefined && answer.user !== user) throw new Error('vault key: somebody else is signed in');
	return importVaultKey(answer.key);
}

/** On sign-out and user switch: from now on nobody at this PC can open what is kept for the former user. */
export function forgetVaultKeys(): void {
	keys.clear();
}
