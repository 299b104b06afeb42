/** Proves the person again before a signature. `message` is ready to show. */
export async function proveIdentity(password: string): Promise<{ readonly ok: true } | { readonly ok: false; readonly message: string }> {
	const english = document.documentElement.lang === 'en';
	try {
		const response = await fetch('/api/session/step-up', {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ password })
		});
		if (response.ok) return { ok: true };
		const answer: unknown = await response.json();
		const error = typeof answer === 'object' && answer !== null && 'error' in answer ? (answer.error as { code?: string; message?: string }) : {};
		if (error.code === 'sign-in-refused') return { ok: false, message: english ? 'The password is not right. Nothing was signed.' : '密码不对，没有签名。' };
		return { ok: false, message: error.message ?? `HTTP ${response.status}` };
	} catch {
		return { ok: false, message: english ? 'You are offline, so nothing was signed.' : '现在离线，没有签名。' };
	}
}
