import { boardStateOf, targetVerdict, type Board, type BoardIncoming, type Override, type Verdict } from '@tongping/domain/inpatient';
import { newId, type Actor, type BedId, type StayId } from '@tongping/domain/kernel';
import { dispatch } from '#kernel/dispatch.ts';
import { announcer } from '#ui/announcer.svelte.ts';
import { clockSeconds } from '#ui/time.ts';
import { toasts } from '#ui/toasts.svelte.ts';
import type { BedChoice, TransferAsk } from './asks.ts';
import { changedBeds, changesBetween } from './changes.ts';
import type { text } from './i18n/zh-CN.ts';
import { lift, moveFor, verdictFor, waitingMove, type Answer, type Lifted, type Move, type Target } from './move.ts';
import { hasArrived, withPending, type Pending } from './pending.ts';

const CHANGED_MS = 2_000;
const UNDO_MS = 10_000;
/** after a yes the projection follows within a second; a card that is still dashed then tells of a lost connection, not of a doubt */
const SETTLED_MS = 20_000;
const OUTCOME_UNKNOWN = 'offline';

/** A drop that needs an answer before it may be sent. */
export interface Question {
	readonly lifted: Lifted;
	readonly target: Extract<Target, { kind: 'bed' }>;
	readonly verdict: Exclude<Verdict, { kind: 'refused' }>;
}

/** The board of one ward as one person sees and moves it: the server's truth, what is on its way, and what is in the hand. */
export class BoardController {
	/** a transfer between wards that waits for its dialog */
	ask = $state.raw<TransferAsk | null>(null);
	settled = $state.raw<Board | null>(null);
	/** null while moves may be sent, otherwise why they may not */
	blocked = $state<string | null>(null);
	lifted = $state.raw<Lifted | null>(null);
	over = $state.raw<Target | null>(null);
	hand = $state<'pointer' | 'keyboard' | null>(null);
	question = $state.raw<Question | null>(null);
	changed = $state.raw<ReadonlySet<BedId>>(new Set());
	#pending = $state.raw<readonly Pending[]>([]);
	#undo: { readonly back: () => void; readonly toast: number } | null = null;
	readonly #words: typeof text;
	readonly #actor: Actor;

	readonly shown = $derived.by(() => (this.settled === null ? null : withPending(this.settled, this.#pending)));
	/** the server's state, which decides what each target says */
	readonly #state = $derived.by(() => (this.settled === null ? null : boardStateOf(this.settled)));

	constructor(actor: Actor, words: typeof text) {
		this.#actor = actor;
		this.#words = words;
	}

	/** A new state of the projection. The first one is shown without a word. */
	receive(next: Board, commands: readonly string[] = []): void {
		const before = this.settled;
		this.settled = next;
		if (before === null) return;
		this.#pending = this.#pending.filter((one) => !hasArrived(next, one.commandId, commands));
		this.#tell(before, next);
		this.#keepHold(next);
	}

	/** Says why, when nothing may be moved now. */
	isBlocked(): boolean {
		if (this.blocked !== null) toasts.show({ tone: 'warning', title: this.#words.moveBlocked, detail: this.blocked });
		return this.blocked !== null;
	}

	isBusy(stay: StayId): boolean {
		return this.#pending.some((one) => one.stays.includes(stay));
	}

	verdict(target: Target): Verdict | null {
		return this.lifted === null || this.#state === null ? null : verdictFor(this.#state, this.lifted, target);
	}

	take(stay: StayId, hand: 'pointer' | 'keyboard'): boolean {
		if (this.settled === null || this.isBusy(stay) || this.isBlocked()) return false;
		const lifted = lift(this.settled, stay);
		if (lifted === null) return false;
		this.lifted = lifted;
		this.hand = hand;
		this.over = null;
		announcer.say(this.#words.say.taken(lifted.person.name, lifted.from?.number ?? null, hand === 'keyboard'));
		return true;
	}

	hover(target: Target | null): void {
		if (sameTarget(this.over, target)) return;
		this.over = target;
		if (target === null || this.hand !== 'keyboard') return;
		const verdict = this.verdict(target);
		if (verdict !== null) announcer.say(this.#words.say.target(targetName(target), this.wordsFor(target, verdict)));
	}

	/** The sentence a target shows and a listener hears. */
	wordsFor(target: Target, verdict: Verdict): string {
		const words = this.#words.target;
		if (verdict.kind === 'refused') return `${words.refused}: ${this.#words.why(verdict.refusal)}`;
		if (verdict.kind === 'needs-reason') return `${words.ask}: ${this.#words.why(verdict.refusal)}`;
		if (target.kind === 'ward') return words.send;
		if (this.lifted?.incoming != null) return words.receive;
		return target.kind === 'bed' && target.bed.occupant !== null ? words.swapWith(target.bed.occupant.name) : words.go;
	}

	letGo(said = true): void {
		if (this.lifted !== null && said) announcer.say(this.#words.say.cancelled(this.lifted.person.name, this.lifted.from?.number ?? null));
		this.lifted = null;
		this.over = null;
		this.hand = null;
	}

	drop(target: Target): void {
		const lifted = this.lifted;
		const verdict = this.verdict(target);
		this.letGo(false);
		if (lifted === null || verdict === null || (target.kind === 'bed' && target.bed.bed === lifted.from?.bed)) return;
		if (verdict.kind === 'refused') {
			const detail = this.#words.why(verdict.refusal);
			const title =
				target.kind === 'ward' ? this.#words.cannotSend(lifted.person.name, target.ward.name) : this.#words.cannotMove(lifted.person.name, targetName(target));
			toasts.show({ tone: 'refused', title, detail });
			return;
		}
		if (target.kind === 'ward') {
			this.ask = { kind: 'request', person: lifted.person, bed: lifted.from?.number ?? null, to: target.ward.id };
			return;
		}
		if (lifted.incoming !== null) {
			this.askToReceive(lifted.incoming, target.kind === 'bed' ? target.bed.bed : null);
			return;
		}
		const asks = verdict.kind === 'needs-reason' || (target.kind === 'bed' && target.bed.occupant !== null);
		if (asks && target.kind === 'bed') this.question = { lifted, target, verdict };
		else void this.send(moveFor(lifted, target, null));
	}

	answer(override: Override | null): void {
		const question = this.question;
		this.question = null;
		if (question !== null) void this.send(moveFor(question.lifted, question.target, override));
	}

	/** Opens the receiving of somebody another ward sends, with the beds that could take them now. */
	askToReceive(incoming: BoardIncoming, bed: BedId | null): void {
		const board = this.settled;
		const state = this.#state;
		if (this.isBlocked() || board === null || state === null) return;
		const rooms = new Map(board.ward.rooms.map((room) => [room.id, room.name]));
		const beds = board.beds.flatMap((one): BedChoice[] => {
			const verdict = targetVerdict(state, incoming.occupant.stay, one.bed);
			return verdict.kind === 'refused'
				? []
				: [
						{
							bed: one.bed,
							number: one.number,
							room: rooms.get(one.room) ?? '',
							why: verdict.kind === 'needs-reason' ? this.#words.why(verdict.refusal) : null
						}
					];
		});
		this.ask = { kind: 'receive', incoming, bed, beds };
	}

	toWaiting(stay: StayId): void {
		const lifted = this.settled === null ? null : lift(this.settled, stay);
		if (lifted?.from !== null && lifted !== null) void this.send(waitingMove(lifted, ''));
	}

	undo(): void {
		const undo = this.#undo;
		if (undo === null) return;
		this.#undo = null;
		toasts.dismiss(undo.toast);
		undo.back();
	}

	async send(move: Move, undoing = false): Promise<Answer> {
		if (this.blocked !== null) {
			toasts.show({ tone: 'warning', title: this.#words.moveBlocked, detail: this.blocked });
			return { ok: false, code: OUTCOME_UNKNOWN, message: this.blocked };
		}
		const commandId = newId();
		const facts = { now: Date.now(), actor: this.#actor, newId };
		this.#pending = [...this.#pending, { commandId, facts, ...move.pending }];
		const answer = await move.send(async (command, input, id) => {
			const result = await dispatch(command, input, { commandId: id });
			return result.ok ? { ok: true, code: '', message: '' } : { ok: false, code: result.code, message: result.message };
		}, commandId);
		if (answer.ok) {
			this.#succeeded(move, undoing);
			setTimeout(() => this.#forget(commandId), SETTLED_MS);
		} else {
			this.#forget(commandId);
			this.#refused(move, answer);
		}
		return answer;
	}

	#forget(commandId: string): void {
		this.#pending = this.#pending.filter((one) => one.commandId !== commandId);
	}

	#succeeded(move: Move, undoing: boolean): void {
		const title = undoing ? this.#words.undone(move) : this.#words.done(move);
		const back = undoing ? null : move.undo;
		this.offer(title, this.#words.doneDetail, back === null ? null : () => void this.send(back, true));
	}

	/** Says what was done, and for ten seconds how `Z` takes it back. Only the last thing done can be taken back so. */
	offer(title: string, detail: string, back: (() => void) | null): void {
		const toast = toasts.show({
			tone: 'done',
			title,
			detail,
			clock: clockSeconds(Date.now()),
			actions: back === null ? [] : [{ label: this.#words.undo, key: 'Z', run: () => this.undo() }],
			forMs: UNDO_MS
		});
		const mine = back === null ? null : { back, toast };
		this.#undo = mine;
		setTimeout(() => {
			if (this.#undo === mine) this.#undo = null;
		}, UNDO_MS);
	}

	#refused(move: Move, answer: Answer): void {
		// No answer is not a no: what the server did is on the board once it can be heard again.
		if (answer.code === OUTCOME_UNKNOWN) {
			toasts.show({ tone: 'warning', title: this.#words.noAnswer, detail: this.#words.noAnswerDetail(move), clock: clockSeconds(Date.now()) });
			return;
		}
		const title = this.#words.notDone(move);
		toasts.show({ tone: 'refused', title, detail: answer.message, clock: clockSeconds(Date.now()) });
	}

	// Somebody else moved the patient who is in this hand: what is held would be a patient on two beds.
	#keepHold(next: Board): void {
		if (this.lifted === null) return;
		const now = lift(next, this.lifted.stay);
		if (now !== null && now.from?.bed === this.lifted.from?.bed) {
			this.lifted = now;
			return;
		}
		const name = this.lifted.person.name;
		const title = this.#words.movedAway(name, now?.from?.number ?? null, now?.from?.changedBy ?? null);
		this.letGo(false);
		toasts.show({ tone: 'refused', title, detail: this.#words.nothingSent, clock: clockSeconds(Date.now()) });
	}

	#tell(before: Board, next: Board): void {
		for (const change of changesBetween(before, next)) {
			// What these hands did was said when the server answered.
			if (change.by === this.#actor.name) continue;
			announcer.say(this.#words.say.change(change));
			// Who is coming, and who was sent back, must not be missed by somebody who looks elsewhere.
			if (change.kind === 'asked' || change.kind === 'received') toasts.show({ title: this.#words.say.change(change), detail: change.reason ?? '' });
			if (change.kind === 'declined') toasts.show({ tone: 'warning', title: this.#words.say.change(change), detail: change.reason ?? '' });
		}
		const beds = changedBeds(before, next);
		if (beds.length === 0) return;
		this.changed = new Set([...this.changed, ...beds]);
		setTimeout(() => {
			const left = new Set(this.changed);
			for (const bed of beds) left.delete(bed);
			this.changed = left;
		}, CHANGED_MS);
	}
}

const targetName = (target: Target): string | null => (target.kind === 'bed' ? target.bed.number : null);
const keyOf = (target: Target): string => (target.kind === 'waiting' ? 'waiting' : target.kind === 'bed' ? target.bed.bed : target.ward.id);
const sameTarget = (a: Target | null, b: Target | null): boolean => a === b || (a !== null && b !== null && keyOf(a) === keyOf(b));
