import type { Family } from "./cidr.ts";

/** The metric that the kernel gives a route without one, by the family of the route. */
export const USUAL_METRIC: Readonly<Record<Family, number>> = { inet: 0, inet6: 1024 };
