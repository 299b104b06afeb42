import { changeRole, disableAccount, enableAccount, type Account } from '@tongping/domain/identity-access';
import type { Role, WardId } from '@tongping/domain/kernel';
import { dispatch } from '#kernel/dispatch.ts';
import { ofThisPage } from '#kernel/whose-page.ts';

export type Act = 'disable' | 'enable' | 'change' | 'reset';
export interface Asked {
	readonly act: Act;
	readonly account: Account;
	readonly role: Role;
	readonly wards: readonly string[] | '*';
	/** of the administrator, proved again */
	readonly password: string;
}
export type Done = { readonly ok: true; readonly oneTime: string | null } | { readonly ok: false; readonly code: string; readonly message: string };

const post = (path: string, body: unknown): Promise<Response> =>
	fetch(path, { method: 'POST', headers: { 'content-type': 'application/json', ...ofThisPage() }, body: JSON.stringify(body) });

interface Answer {
	readonly password?: string;
	readonly error?: { readonly code: string; readonly message: string };
	readonly refusal?: { readonly code: string; readonly message: string };
}
async function refused(response: Response): Promise<Done> {
	const { error, refusal } = (await response.json()) as Answer;
	return { ok: false, code: 'fault', message: `HTTP ${response.status}`, ...(error ?? refusal) };
}

/** Proves the administrator, then does the one thing; nothing is done where the proof did not hold. */
export async function carryOut({ act, account, role, wards, password }: Asked): Promise<Done> {
	try {
		const proof = await post('/api/session/step-up', { password });
		if (!proof.ok) return await refused(proof);
		if (act === 'reset') {
			const answer = await post(`/api/accounts/${account.user}/password`, {});
			return answer.ok ? { ok: true, oneTime: ((await answer.json()) as Answer).password ?? '' } : await refused(answer);
		}
		const { user } = account;
		const done =
			act === 'change'
				? await dispatch(changeRole, { user, role, wards: wards === '*' ? '*' : ([...wards] as WardId[]) })
				: await dispatch(act === 'disable' ? disableAccount : enableAccount, { user });
		return done.ok ? { ok: true, oneTime: null } : { ok: false, code: done.code, message: done.message };
	} catch {
		return { ok: false, code: 'offline', message: '' };
	}
}
