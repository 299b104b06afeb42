/** Window presets in Hounsfield units; the reader's hand finds them on the keys 1 to 9. Only CT has such units. */
export interface Preset {
	readonly key: string;
	readonly name: 'brain' | 'bone' | 'stroke' | 'subdural' | 'soft' | 'lung' | 'abdomen' | 'own';
	readonly width: number;
	readonly center: number;
}
const CT: readonly Omit<Preset, 'key'>[] = [
	{ name: 'brain', width: 80, center: 40 },
	{ name: 'bone', width: 2000, center: 500 },
	{ name: 'stroke', width: 40, center: 40 },
	{ name: 'subdural', width: 200, center: 75 },
	{ name: 'soft', width: 400, center: 50 },
	{ name: 'lung', width: 1500, center: -600 },
	{ name: 'abdomen', width: 350, center: 40 }
];

/** The presets of a series, keys in order; what the file itself asks for comes last, on every modality. */
export function presetsFor(modality: string, own: { readonly lower: number; readonly upper: number } | null): readonly Preset[] {
	const known = modality === 'CT' && own !== null && CT.some(({ width, center }) => isPreset({ width, center }, own));
	const file = own === null || known ? [] : [{ name: 'own' as const, width: own.upper - own.lower, center: (own.lower + own.upper) / 2 }];
	return [...(modality === 'CT' ? CT : []), ...file].map((preset, index) => ({ key: String(index + 1), ...preset }));
}
export const isPreset = (preset: Pick<Preset, 'width' | 'center'>, window: { readonly lower: number; readonly upper: number }): boolean =>
	Math.abs(window.upper - window.lower - preset.width) < 1 && Math.abs((window.upper + window.lower) / 2 - preset.center) < 1;
