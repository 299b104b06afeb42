/** What the board hears from the hand. Mouse: a drag begins after four pixels; touch: after a held press, so that scrolling stays scrolling. */
export interface DragHandlers {
	begin(stay: string, card: HTMLElement): boolean;
	/** the element under the finger, without the lifted card */
	over(element: Element | null): void;
	place(x: number, y: number): void;
	drop(): void;
	cancel(): void;
	tap(stay: string | null, card: HTMLElement, event: PointerEvent): void;
}

const SLOP_PX = 4;
const PRESS_MS = 320;
const EDGE_PX = 56;
const EDGE_STEP_PX = 14;

/** Attachment for the scrolling board: every card with `data-stay` can be lifted. */
export const dragging =
	(handlers: DragHandlers) =>
	(board: HTMLElement): (() => void) => {
		let press: {
			readonly id: number;
			readonly x: number;
			readonly y: number;
			readonly card: HTMLElement;
			readonly touch: Element | null;
			timer: number;
		} | null = null;
		let held = false;
		let scroll = 0;

		// While a card is in the hand a finger must not scroll the page under it.
		const still = (event: TouchEvent): void => {
			if (held) event.preventDefault();
		};
		const end = (): void => {
			if (press !== null) window.clearTimeout(press.timer);
			press?.touch?.removeEventListener('touchmove', still as EventListener);
			press = null;
			held = false;
			window.cancelAnimationFrame(scroll);
			scroll = 0;
		};
		const lift = (): void => {
			const stay = press?.card.dataset['stay'];
			if (press === null || stay === undefined || !handlers.begin(stay, press.card)) {
				end();
				return;
			}
			held = true;
			board.setPointerCapture(press.id);
			handlers.place(press.x, press.y);
		};
		const nearEdge = (y: number): void => {
			const box = board.getBoundingClientRect();
			const step = y < box.top + EDGE_PX ? -EDGE_STEP_PX : y > box.bottom - EDGE_PX ? EDGE_STEP_PX : 0;
			window.cancelAnimationFrame(scroll);
			if (step === 0) return;
			const roll = (): void => {
				board.scrollTop += step;
				scroll = window.requestAnimationFrame(roll);
			};
			scroll = window.requestAnimationFrame(roll);
		};

		const down = (event: PointerEvent): void => {
			if (event.button !== 0 || !event.isPrimary || !(event.target instanceof Element)) return;
			if (event.target.closest('[data-act]') !== null) return;
			const card = event.target.closest<HTMLElement>('[data-bed], [data-wait]');
			if (card === null) return;
			// The lifted card is drawn anew: the finger's own element leaves the page and its events no longer reach the board.
			const touch = event.pointerType === 'mouse' ? null : event.target;
			touch?.addEventListener('touchmove', still as EventListener, { passive: false });
			press = { id: event.pointerId, x: event.clientX, y: event.clientY, card, touch, timer: touch !== null ? window.setTimeout(lift, PRESS_MS) : 0 };
		};
		const move = (event: PointerEvent): void => {
			if (press?.id !== event.pointerId) return;
			if (!held) {
				const far = Math.hypot(event.clientX - press.x, event.clientY - press.y) > SLOP_PX;
				if (!far) return;
				if (press.touch !== null) end();
				else lift();
				if (!held) return;
			}
			handlers.place(event.clientX, event.clientY);
			handlers.over(document.elementFromPoint(event.clientX, event.clientY));
			nearEdge(event.clientY);
		};
		const up = (event: PointerEvent): void => {
			if (press?.id !== event.pointerId) return;
			const { card } = press;
			const was = held;
			end();
			if (was) handlers.drop();
			else handlers.tap(card.dataset['stay'] ?? null, card, event);
		};
		const cancel = (): void => {
			const was = held;
			end();
			if (was) handlers.cancel();
		};
		const key = (event: KeyboardEvent): void => {
			if (event.key !== 'Escape' || !held) return;
			event.stopPropagation();
			cancel();
		};
		const noDrag = (event: Event): void => {
			event.preventDefault();
		};

		board.addEventListener('pointerdown', down);
		window.addEventListener('pointermove', move);
		window.addEventListener('pointerup', up);
		window.addEventListener('pointercancel', cancel);
		window.addEventListener('blur', cancel);
		window.addEventListener('pagehide', cancel);
		window.addEventListener('keydown', key, true);
		board.addEventListener('dragstart', noDrag);
		return () => {
			cancel();
			board.removeEventListener('pointerdown', down);
			window.removeEventListener('pointermove', move);
			window.removeEventListener('pointerup', up);
			window.removeEventListener('pointercancel', cancel);
			window.removeEventListener('blur', cancel);
			window.removeEventListener('pagehide', cancel);
			window.removeEventListener('keydown', key, true);
			board.removeEventListener('dragstart', noDrag);
		};
	};
