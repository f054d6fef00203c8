import type { Props } from "./state.ts";

/** A resource as a program registers it. */
export interface Goal {
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly parent: string | undefined;
  readonly properties: Props;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly protect: boolean | undefined;
  readonly retainOnDelete: boolean | undefined;
  readonly deletedWith: string | undefined;
  readonly replaceWith: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly aliases: readonly Alias[];
}

/** Another identity that the resource may have in the state; omitted parts are as in its current URN. */
export interface Alias {
  readonly urn?: string | undefined;
  readonly name?: string | undefined;
  readonly type?: string | undefined;
  readonly project?: string | undefined;
  readonly stack?: string | undefined;
  readonly parent?: string | undefined;
  readonly noParent: boolean;
}

/** Adds the options that a resource inherits from its parent. */
export const inherited = (goal: Goal, parent: Goal | undefined): Goal => ({
  ...goal,
  deletedWith: goal.deletedWith ?? parent?.deletedWith,
  protect: goal.protect ?? parent?.protect,
  retainOnDelete: goal.retainOnDelete ?? parent?.retainOnDelete,
});

/** A request to register a resource, as Pulumi's SDK sends it. */
export interface RegisterRequest {
  getType(): string;
  getName(): string;
  getCustom(): boolean;
  getRemote(): boolean;
  getParent(): string;
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
  getDependenciesList(): string[];
  getPropertydependenciesMap(): { entries(): Iterable<[string, { getUrnsList(): string[] }]> };
  hasProtect(): boolean;
  getProtect(): boolean;
  hasRetainondelete(): boolean;
  getRetainondelete(): boolean;
  getDeletedwith(): string;
  getReplaceWithList(): string[];
  getIgnorechangesList(): string[];
  getDeletebeforereplace(): boolean;
  getImportid(): string;
  getAliasesList(): AliasMessage[];
}

interface AliasMessage {
  getUrn(): string;
  getSpec(): AliasSpec | undefined;
}

interface AliasSpec {
  getName(): string;
  getType(): string;
  getProject(): string;
  getStack(): string;
  getParenturn(): string;
  getNoparent(): boolean;
}

/** @throws Error if the request uses a feature that this engine does not support. */
export function goalOf(request: RegisterRequest): Goal {
  const [custom, name] = [request.getCustom(), request.getName()];
  if (request.getRemote() || request.getImportid() !== "") throw new Error(`${name} is remote or imported`);
  if (custom && !request.getDeletebeforereplace()) throw new Error(`${name} is not deleted before it is replaced`);
  const properties = request.getObject()?.toJavaScript() ?? {};
  const dependencies = request.getDependenciesList();
  return {
    type: request.getType(),
    name,
    custom,
    parent: request.getParent() || undefined,
    properties,
    dependencies,
    propertyDependencies: propertyDependencies(request, properties),
    protect: request.hasProtect() ? request.getProtect() : undefined,
    retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
    deletedWith: request.getDeletedwith() || undefined,
    replaceWith: request.getReplaceWithList(),
    ignoreChanges: request.getIgnorechangesList(),
    aliases: request.getAliasesList().map(aliasOf),
  };
}

/** Returns the dependencies of each property; if the request has none, each property depends on all of its dependencies. */
function propertyDependencies(request: RegisterRequest, properties: Props): Goal["propertyDependencies"] {
  const told = [...request.getPropertydependenciesMap().entries()];
  const entries =
    told.length > 0
      ? told.map(([key, message]) => [key, message.getUrnsList()] as const)
      : Object.keys(properties).map((key) => [key, request.getDependenciesList()] as const);
  return Object.fromEntries(entries);
}

function aliasOf(message: AliasMessage): Alias {
  const spec = message.getSpec();
  if (spec === undefined) return { urn: message.getUrn(), noParent: false };
  return {
    name: spec.getName() || undefined,
    type: spec.getType() || undefined,
    project: spec.getProject() || undefined,
    stack: spec.getStack() || undefined,
    parent: spec.getParenturn() || undefined,
    noParent: spec.getNoparent(),
  };
}
