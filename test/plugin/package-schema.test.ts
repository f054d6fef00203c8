import { expect, test } from "vitest";
import { extraOutputs, schemaText, version } from "../../plugin/package-schema.ts";
import { type Field, type Fields, fieldsOf, traitsOf } from "../../provider/schema.ts";
import { everyExample, everyKind } from "../support/every-kind.ts";

interface ObjectSchema {
  readonly isComponent?: boolean;
  readonly properties: Record<string, PropertySchema>;
  readonly inputProperties: Record<string, PropertySchema>;
  readonly requiredInputs: readonly string[];
}

interface PropertySchema {
  readonly type?: string;
  readonly $ref?: string;
  readonly willReplaceOnChanges?: boolean;
  readonly description?: string;
  readonly items?: PropertySchema;
  readonly additionalProperties?: PropertySchema;
  readonly oneOf?: readonly PropertySchema[];
  readonly enum?: readonly { value: unknown }[];
  readonly properties?: Record<string, PropertySchema>;
}

const schema = JSON.parse(schemaText()) as {
  resources: Record<string, ObjectSchema>;
  types: Record<string, PropertySchema>;
};
const resource = (type: string) => schema.resources[`netns:index:${type}`] as ObjectSchema;

test("the schema has the version of the package and all kinds", async () => {
  const { default: manifest } = await import("../../package.json", { with: { type: "json" } });
  expect(version).toBe(manifest.version);
  const kinds = Object.entries(schema.resources).flatMap(([token, { isComponent }]) => (isComponent ? [] : [token]));
  expect(kinds.sort()).toEqual(everyKind.map(({ type }) => `netns:index:${type}`).sort());
});

test.each(everyKind.map(({ type, kind, required }) => ({ type, kind, required })))(
  "$type: a program can set the arguments of the kind, and each has a description",
  ({ type, kind, required }) => {
    const { inputProperties, requiredInputs } = resource(type);
    const given = Object.entries(kind.schema.entries).flatMap(([key, field]) =>
      traitsOf(field).setBySdk ? [] : [key],
    );
    expect(
      Object.keys(inputProperties)
        .filter((key) => key !== "adopt")
        .sort(),
    ).toEqual(given.sort());
    // A name defaults to the name of the resource.
    expect([...requiredInputs].sort()).toEqual(required.filter((key) => key !== "name" && !key.includes(".")).sort());
    for (const property of Object.values(inputProperties)) expect(property.description).toMatch(/\w/);
  },
);

test.each(everyExample)("$type: the schema allows $args", ({ type, kind, args }) => {
  for (const [key, value] of Object.entries(args)) {
    if (!traitsOf(kind.schema.entries[key] as Field).setBySdk) allows(resource(type).inputProperties[key], value, key);
  }
});

test.each(everyKind)("$type: an argument whose change always replaces the object is marked", ({ type, kind }) => {
  const { inputProperties } = resource(type);
  const marked = Object.entries(inputProperties).flatMap(([key, { willReplaceOnChanges }]) =>
    willReplaceOnChanges ? [key] : [],
  );
  expect(marked.sort()).toEqual(replacing(kind.schema.entries).sort());
});

test("components have references to nodes, choices, and the outputs to which others refer", () => {
  const node = ["Host", "Router"].map((name) => ({ $ref: `#/resources/netns:index:${name}` }));
  const [lan, link, router] = [resource("Lan"), resource("Link"), resource("Router")];
  expect([lan, link, router, resource("Host")].every(({ isComponent }) => isComponent)).toBe(true);
  expect(lan.inputProperties["router"]?.$ref).toBe("#/resources/netns:index:Router");
  expect(lan.inputProperties["members"]?.items?.oneOf).toEqual([...node, { $ref: "#/types/netns:index:LanMember" }]);
  expect(link.inputProperties["a"]?.oneOf).toEqual(node);
  expect(link.requiredInputs).toEqual(["a", "b"]);
  const withBridge = { $ref: "#/resources/netns:index:Lan" };
  expect(lan.inputProperties["bridge"]?.$ref).toBe(withBridge.$ref);
  expect(resource("Trunk").inputProperties["a"]?.oneOf).toEqual(expect.arrayContaining([withBridge, ...node]));
  allows(lan.inputProperties["hosts"], ["red", { name: "blue", addresses: ["10.0.0.2"] }], "hosts");
  allows(router.inputProperties["firewall"], "stateful", "firewall");
  allows(router.inputProperties["firewall"], { forward: [{ action: "accept", protocol: "tcp" }] }, "firewall");
  expect(lan.properties["addresses"]?.additionalProperties).toEqual({ type: "string" });
});

test("outputs that are not arguments are found", () => {
  const extra = everyKind.flatMap(({ type }) => extraOutputs(type).map((name) => `${type}.${name}`));
  expect(extra).toEqual(expect.arrayContaining(["Address.ip", "Sysctl.previous"]));
  expect(extraOutputs("Tunnel")).toEqual([]);
});

test("no two types of the package refer to each other, because Python cannot import such modules", () => {
  const refersTo = (part: unknown): string[] =>
    [...JSON.stringify(part).matchAll(/#\/resources\/([\w:]+)/g)].map(([, token = ""]) => token);
  expect(refersTo(schema.types)).toEqual([]);
  let left = Object.entries(schema.resources).map(
    ([token, one]) => [token, refersTo(one).filter((other) => other !== token)] as const,
  );
  expect(left.flatMap(([, on]) => on)).toContain("netns:index:Router");
  for (let before = -1; left.length !== before; ) {
    before = left.length;
    const open = new Set(left.map(([token]) => token));
    left = left.filter(([, on]) => on.some((other) => open.has(other)));
  }
  expect(left).toEqual([]);
});

/** Checks a value as Pulumi's YAML host does, as far as the types of this package need it. */
function allows(property: PropertySchema | undefined, value: unknown, path: string): void {
  if (property?.$ref === "pulumi.json#/Any") return;
  const { $ref, type, items, additionalProperties, oneOf, properties } = resolved(property);
  if (oneOf !== undefined) {
    expect(
      oneOf.some((one) => doesAllow(one, value, path)),
      `${path}: ${JSON.stringify(value)}`,
    ).toBe(true);
    return;
  }
  expect($ref).toBeUndefined();
  if (type === "array") for (const item of value as unknown[]) allows(items, item, path);
  else if (properties !== undefined)
    for (const [key, inner] of Object.entries(value as object)) allows(properties[key], inner, `${path}.${key}`);
  else if (additionalProperties !== undefined)
    for (const inner of Object.values(value as object)) allows(additionalProperties, inner, path);
  else expect(typeof value, path).toBe(type);
  const words = resolved(property).enum;
  if (words !== undefined) expect(words.map((word) => word.value)).toContain(value);
}

function doesAllow(property: PropertySchema, value: unknown, path: string): boolean {
  try {
    allows(property, value, path);
    return true;
  } catch {
    return false;
  }
}

function resolved(property: PropertySchema | undefined): PropertySchema {
  if (property === undefined) throw new Error("the schema does not have the argument");
  const type = property.$ref?.replace("#/types/", "");
  return type === undefined ? property : (schema.types[type] as PropertySchema);
}

const replacing = (fields: Fields): string[] =>
  Object.entries(fields).flatMap(([key, field]) =>
    fieldsOf(field) === undefined && traitsOf(field).replaces === true && !traitsOf(field).setBySdk ? [key] : [],
  );
