/** An icon beside a text: a funnel for impairments such as delay and loss, a shield for a firewall. */
export type Icon = "funnel" | "shield";

/** The width of an icon with the space after it, in pixels. */
export const ICON = 14;

/** The outlines of the icons, in a square of 10 pixels. */
export const OUTLINES: Readonly<Record<Icon, string>> = {
  funnel: "M0 1H10L6.2 5.5V9L3.8 10V5.5Z",
  shield: "M5 0L10 1.6V5Q10 8.5 5 10.5Q0 8.5 0 5V1.6Z",
};

/** The icons as characters. */
export const GLYPHS: Readonly<Record<Icon, string>> = { funnel: "\u25bd", shield: "\u{1f6e1}" };
