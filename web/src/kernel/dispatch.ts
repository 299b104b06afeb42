import { newId, type Event, type RefusalFacts, type Schema } from '@tongping/domain/kernel';
import { doubtSession, ofThisPage } from './whose-page.ts';

export type Dispatched =
	| { readonly ok: true; readonly events: readonly Event[]; readonly commandId: string }
	/** `code`: the refusal, or `offline`, `signed-out`, `invalid`, `forbidden`, `fault`; `message` is ready to show */
	| { readonly ok: false; readonly code: string; readonly facts: RefusalFacts; readonly message: string; readonly commandId: string };

interface Answer {
	readonly events?: readonly Event[];
	readonly refusal?: { readonly code: string; readonly facts: RefusalFacts; readonly message: string };
	readonly error?: { readonly code: string; readonly message: string };
}

/** Sends a fact to the one write door. A lost answer is asked for again under the same commandId, so a double click or a retry acts once. */
export async function dispatch<I>(
	command: { readonly name: string; readonly schema: Schema<I> },
	input: NoInfer<I>,
	{ commandId = newId() }: { readonly commandId?: string } = {}
): Promise<Dispatched> {
	for (let attempt = 0; ; attempt++) {
		try {
			const response = await fetch('/api/commands', {
				method: 'POST',
				headers: { 'content-type': 'application/json', ...ofThisPage() },
				body: JSON.stringify({ commandId, command: command.name, input })
			});
			const answer = (await response.json()) as Answer;
			if (response.ok) return { ok: true, events: answer.events ?? [], commandId };
			if (answer.refusal) return { ok: false, ...answer.refusal, commandId };
			if (response.status === 401) doubtSession();
			return { ok: false, code: answer.error?.code ?? 'fault', facts: {}, message: answer.error?.message ?? `HTTP ${response.status}`, commandId };
		} catch {
			if (attempt < 1) continue;
			const english = document.documentElement.lang === 'en';
			return {
				ok: false,
				code: 'offline',
				facts: {},
				message: english ? 'The server cannot be reached. Nothing was changed.' : '现在连不上服务器，没有做任何改动。',
				commandId
			};
		}
	}
}
