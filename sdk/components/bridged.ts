import { Bridge } from "../bridge.ts";
import { Component } from "./component.ts";

/** The base class of components with a bridge: {@link Lan}. */
export abstract class Bridged<Outputs extends object> extends Component<Outputs> {
  /** The bridge, for resources beside the component. */
  abstract readonly bridge: Bridge;
}

/** A bridge, or the component that has it. */
export type BridgeRef = Bridge | Bridged<object>;

/** Returns the bridge that is meant. */
export const bridgeOf = (ref: BridgeRef): Bridge => (ref instanceof Bridge ? ref : ref.bridge);

/** Returns true if a value is a bridge, or a component that has one. */
export const isBridge = (value: unknown): boolean => value instanceof Bridge || value instanceof Bridged;
