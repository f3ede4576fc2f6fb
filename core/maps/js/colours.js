/* Colours as they are reckoned with: from hexadecimal and back. */

export const rgbOf = hex => [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16));
const hexOf = rgb => `#${rgb.map(channel => Math.round(channel).toString(16).padStart(2, '0')).join('')}`;

/* Whether light text belongs on `colour`; of a colour that is not written in six digits, no. */
export const isDark = colour => /^#[0-9a-f]{6}/i.test(colour) && rgbOf(colour).reduce((sum, each) => sum + each) < 380;

const FAINTEST = 330;

/* Red, green and blue of a point: on a dark page no darker than can be seen there. */
export function pointColour(hex, dark) {
  const rgb = rgbOf(hex), sum = rgb.reduce((a, b) => a + b);
  const share = dark ? Math.max(0, (FAINTEST - sum) / (765 - sum)) : 0;
  return share ? rgb.map(channel => Math.round(channel + share * (255 - channel))) : rgb;
}

/* As it is seen on a dark page, where the colour itself would sink. */
export const lighten = hex => hexOf(rgbOf(hex).map(channel => channel + (255 - channel) * 0.42));
