import type { APIRequestContext } from '@playwright/test';
import { origin } from './sign-in.ts';

export interface Answer {
	readonly status: number;
	readonly body: {
		readonly events?: readonly { readonly type: string }[];
		readonly refusal?: { readonly code: string; readonly facts: Readonly<Record<string, unknown>>; readonly message: string };
	};
}

/** A command as any client of the API sends it; the same commandId may be sent again. */
export async function send(request: APIRequestContext, command: string, input: unknown, commandId: string = crypto.randomUUID()): Promise<Answer> {
	const response = await request.post('/api/commands', { data: { commandId, command, input }, headers: { origin: origin() } });
	return { status: response.status(), body: (await response.json()) as Answer['body'] };
}
