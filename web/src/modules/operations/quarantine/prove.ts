/** Proves the administrator again; false where the password was not right or the server did not answer. */
export async function proveIdentity(password: string): Promise<{ readonly ok: boolean; readonly message: string }> {
	try {
		const response = await fetch('/api/session/step-up', {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ password })
		});
		if (response.ok) return { ok: true, message: '' };
		const answer = (await response.json()) as { error?: { message?: string } };
		return { ok: false, message: answer.error?.message ?? '' };
	} catch (error) {
		return { ok: false, message: error instanceof Error ? error.name : '' };
	}
}
