import { Chart, Filler, LinearScale, LineController, LineElement, PointElement, Tooltip, type Plugin } from 'chart.js';
import type { Attachment } from 'svelte/attachments';
import type { Series } from './chart.ts';
import { clock, dateOf, figure, when } from './words.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, Tooltip, Filler);

export interface Drawn {
	readonly lines: readonly Series[];
	readonly unit: string;
	readonly now: number;
}

const token = (canvas: HTMLCanvasElement, name: string): string => getComputedStyle(canvas).getPropertyValue(name).trim();

const SHORT_MS = 4 * 86_400_000;
/** Within a few days the hour matters, over years the month does. */
function tick(at: number, { lines, now }: Drawn): string {
	const points = lines.flatMap((line) => line.points);
	const length = (points.at(-1)?.at ?? now) - (points[0]?.at ?? now);
	return length < SHORT_MS ? `${dateOf(at).slice(5)} ${clock(at)}` : dateOf(at).slice(2);
}

/** The reference interval of the first line, behind everything. */
const band = (drawn: Drawn): Plugin<'line'> => ({
	id: 'band',
	beforeDatasetsDraw({ ctx, chartArea, scales }) {
		const [line] = drawn.lines;
		const y = scales['y'];
		if (line === undefined || y === undefined || (line.low === null && line.high === null)) return;
		const top = Math.max(chartArea.top, y.getPixelForValue(line.high ?? y.max));
		const bottom = Math.min(chartArea.bottom, y.getPixelForValue(line.low ?? y.min));
		if (bottom <= top) return;
		ctx.save();
		ctx.fillStyle = token(ctx.canvas, '--ok-soft');
		ctx.fillRect(chartArea.left, top, chartArea.width, bottom - top);
		ctx.restore();
	}
});

function configured(canvas: HTMLCanvasElement, drawn: Drawn): Chart<'line', { x: number; y: number }[]> {
	const [ink, soft, line, crit, surface, second] = ['--ink-2', '--ink-3', '--line', '--crit', '--surface', '--ink-3'].map((name) => token(canvas, name));
	const accent = token(canvas, '--accent');
	const font = { family: getComputedStyle(canvas).fontFamily, size: 11 };
	return new Chart(canvas, {
		type: 'line',
		plugins: [band(drawn)],
		data: {
			datasets: drawn.lines.map((series, index) => {
				const points = series.points.filter((point) => point.value !== null);
				return {
					label: series.display,
					data: points.map((point) => ({ x: point.at, y: point.value ?? 0 })),
					borderColor: index === 0 ? accent : second,
					borderWidth: 2,
					borderDash: index === 0 ? [] : [5, 3],
					tension: 0,
					pointRadius: points.length > 60 ? 0 : 3.5,
					pointHoverRadius: 5,
					pointStyle: points.map((point) => (point.flag === null ? 'circle' : 'triangle')),
					pointBackgroundColor: points.map((point) => (point.flag === null ? surface : crit)),
					pointBorderColor: points.map((point) => (point.flag === null ? (index === 0 ? accent : second) : crit))
				};
			})
		},
		options: {
			animation: false,
			maintainAspectRatio: false,
			responsive: true,
			parsing: false,
			interaction: { mode: 'nearest', axis: 'x', intersect: false },
			layout: { padding: { right: 10, top: 6 } },
			scales: {
				x: {
					type: 'linear',
					grid: { color: line },
					border: { color: line },
					ticks: { color: soft, font, maxTicksLimit: 7, maxRotation: 0, callback: (value) => tick(Number(value), drawn) }
				},
				y: { grid: { color: line }, border: { display: false }, ticks: { color: soft, font, maxTicksLimit: 6 }, grace: '12%' }
			},
			plugins: {
				tooltip: {
					displayColors: false,
					backgroundColor: ink,
					titleFont: font,
					bodyFont: font,
					callbacks: {
						title: (items) => (items[0] === undefined ? '' : when(Number(items[0].parsed.x), drawn.now)),
						label: ({ dataset, parsed }) => `${dataset.label ?? ''} ${figure(Number(parsed.y))} ${drawn.unit}`
					}
				}
			}
		}
	});
}

/** Draws once and again when the theme changes; Chart.js itself follows the size. */
export const trendChart =
	(drawn: Drawn): Attachment<HTMLCanvasElement> =>
	(canvas) => {
		let chart = configured(canvas, drawn);
		const theme = new MutationObserver(() => {
			chart.destroy();
			chart = configured(canvas, drawn);
		});
		theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
		return () => {
			theme.disconnect();
			chart.destroy();
		};
	};
