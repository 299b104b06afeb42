import type { Desk } from './desk.svelte.ts';

type Point = readonly [number, number];
const NOTCH = 50;

/**
 * Hands on the picture: wheel, mouse, pen, fingers. Left acts by the chosen tool, middle moves, right zooms; two fingers move and zoom.
 * Returns what takes the hands off again.
 */
export function gestures(element: HTMLElement, desk: Desk): () => void {
	const fingers = new Map<number, Point>();
	let tool: 'window' | 'scroll' | 'zoom' | 'pan' | 'length' | null = null;
	let last: Point = [0, 0];
	let start: Point = [0, 0];
	let wheel = 0;
	let steps = 0;
	const at = (event: MouseEvent): Point => {
		const box = element.getBoundingClientRect();
		return [event.clientX - box.left, event.clientY - box.top];
	};
	const onwheel = (event: WheelEvent): void => {
		event.preventDefault();
		if (event.ctrlKey) return desk.zoomBy(event.deltaY < 0 ? 1.1 : 1 / 1.1, at(event));
		const delta = event.deltaMode === 0 ? event.deltaY : event.deltaY * NOTCH;
		// A wheel notch is one slice however far it reports to have turned; a touchpad's small steps add up.
		if (Math.abs(delta) >= NOTCH) {
			wheel = 0;
			return desk.scroll(Math.sign(delta));
		}
		wheel += delta;
		if (Math.abs(wheel) < NOTCH) return;
		desk.scroll(Math.sign(wheel));
		wheel = 0;
	};
	const ondown = (event: PointerEvent): void => {
		element.focus({ preventScroll: true });
		element.setPointerCapture(event.pointerId);
		const here = at(event);
		fingers.set(event.pointerId, here);
		last = start = here;
		steps = 0;
		if (fingers.size > 1) {
			if (tool === 'length') desk.dropLine();
			tool = null;
			return;
		}
		tool = event.button === 1 ? 'pan' : event.button === 2 ? 'zoom' : desk.tool;
		if (tool !== 'length') return;
		const pixel = desk.toPixel(here);
		if (pixel !== null) desk.startLine(pixel);
	};
	const pinch = (event: PointerEvent, here: Point): void => {
		const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
		const before = fingers.get(event.pointerId);
		if (other === undefined || before === undefined) return;
		const spread = (point: Point): number => Math.max(8, Math.hypot(point[0] - other[0], point[1] - other[1]));
		desk.zoomBy(spread(here) / spread(before), [(here[0] + other[0]) / 2, (here[1] + other[1]) / 2]);
		desk.panBy((here[0] - before[0]) / 2, (here[1] - before[1]) / 2);
	};
	const onmove = (event: PointerEvent): void => {
		const here = at(event);
		desk.point(desk.toPixel(here));
		if (!fingers.has(event.pointerId)) return;
		if (fingers.size > 1) pinch(event, here);
		fingers.set(event.pointerId, here);
		const [dx, dy] = [here[0] - last[0], here[1] - last[1]];
		last = here;
		switch (tool) {
			case 'window':
				return drag(dx, dy);
			case 'pan':
				return desk.panBy(dx, dy);
			case 'zoom':
				return desk.zoomBy(Math.exp(-dy / 150), start);
			case 'scroll': {
				const wanted = Math.trunc((here[1] - start[1]) / 6);
				if (wanted !== steps) desk.scroll(wanted - steps);
				steps = wanted;
				return;
			}
			case 'length': {
				const pixel = desk.toPixel(here);
				if (pixel !== null) desk.moveLine(pixel);
				return;
			}
			case null:
		}
	};
	// Width sideways, level up and down, faster on wide windows so that bone and brain both need one sweep of the hand.
	const drag = (dx: number, dy: number): void => {
		const { lower, upper } = desk.window;
		const width = upper - lower;
		const pace = Math.max(0.5, width / 300);
		const wide = Math.max(1, width + dx * pace);
		const center = (lower + upper) / 2 + dy * pace;
		desk.setWindow(center - wide / 2, center + wide / 2);
	};
	const onup = (event: PointerEvent): void => {
		fingers.delete(event.pointerId);
		if (tool === 'length') {
			if (event.type === 'pointerup') desk.finishLine();
			else desk.dropLine();
		}
		tool = null;
	};
	const onleave = (): void => desk.point(null);
	const onmenu = (event: Event): void => event.preventDefault();
	element.addEventListener('wheel', onwheel, { passive: false });
	element.addEventListener('pointerdown', ondown);
	element.addEventListener('pointermove', onmove);
	element.addEventListener('pointerup', onup);
	element.addEventListener('pointercancel', onup);
	element.addEventListener('pointerleave', onleave);
	element.addEventListener('contextmenu', onmenu);
	return () => {
		element.removeEventListener('wheel', onwheel);
		element.removeEventListener('pointerdown', ondown);
		element.removeEventListener('pointermove', onmove);
		element.removeEventListener('pointerup', onup);
		element.removeEventListener('pointercancel', onup);
		element.removeEventListener('pointerleave', onleave);
		element.removeEventListener('contextmenu', onmenu);
	};
}
