/** Proves the person again. `message` is null where the password was simply not right. */
export async function proveIdentity(password: string): Promise<{ readonly ok: true } | { readonly ok: false; readonly message: string | null }> {
	try {
		const response = await fetch('/api/session/step-up', {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ password })
		});
		if (response.ok) return { ok: true };
		const answer = (await response.json()) as { error?: { code?: string; message?: string } };
		return { ok: false, message: answer.error?.code === 'sign-in-refused' ? null : (answer.error?.message ?? null) };
	} catch {
		const english = document.documentElement.lang === 'en';
		return {
			ok: false,
			message: english ? 'You are offline, so nothing was signed. Your words are kept on this device.' : '现在离线，没有签名。您写的内容存在本机。'
		};
	}
}
