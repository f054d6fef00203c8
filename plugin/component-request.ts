import type proto from "@pulumi/pulumi/proto/provider_pb.js";
import { receive } from "./messages.ts";

/** A component of a program in another language, as the engine describes it. */
export interface ComponentRequest {
  readonly type: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** The dotted paths of the secret arguments. */
  readonly secret: readonly string[];
  readonly options: ComponentOptions;
  readonly run: EngineRun;
}

/** The options of a component; resources are given by their URNs. */
export interface ComponentOptions {
  readonly parent: string;
  readonly dependsOn: readonly string[];
  /** The references of the providers, by their packages. */
  readonly providers: Readonly<Record<string, string>>;
  readonly aliases: readonly (string | ComponentAlias)[];
  readonly deletedWith: string;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly protect: boolean | undefined;
  readonly retainOnDelete: boolean | undefined;
}

/** What has changed in the URN of a component. A field that is undefined has not. */
export interface ComponentAlias {
  readonly name: string | undefined;
  readonly type: string | undefined;
  readonly project: string | undefined;
  readonly stack: string | undefined;
  /** The URN of the former parent; undefined for the present one, empty for the stack itself. */
  readonly parent: string | undefined;
}

/** The run of the engine in which a component is created. */
export interface EngineRun {
  readonly project: string;
  readonly stack: string;
  readonly organization: string;
  readonly parallel: number;
  /** The address of the engine. */
  readonly engine: string;
  /** The address at which the engine registers resources. */
  readonly monitor: string;
  readonly isPreview: boolean;
}

/** Reads a component from a message. */
export function componentRequest(request: proto.ConstructRequest, engine: string): ComponentRequest {
  const { values: args, secret } = receive(request.getInputs());
  return {
    type: request.getType(),
    name: request.getName(),
    args,
    secret,
    options: {
      parent: request.getParent(),
      dependsOn: request.getDependenciesList(),
      providers: Object.fromEntries(request.getProvidersMap().toArray()),
      aliases: request.getAliasesList().map((alias) => (alias.hasUrn() ? alias.getUrn() : aliasOf(alias.getSpec()))),
      deletedWith: request.getDeletedwith(),
      ignoreChanges: request.getIgnorechangesList(),
      replaceOnChanges: request.getReplaceonchangesList(),
      protect: request.getProtect(),
      retainOnDelete: request.getRetainondelete(),
    },
    run: {
      project: request.getProject(),
      stack: request.getStack(),
      organization: request.getOrganization(),
      parallel: request.getParallel(),
      engine,
      monitor: request.getMonitorendpoint(),
      isPreview: request.getDryrun(),
    },
  };
}

type Spec = ReturnType<ReturnType<proto.ConstructRequest["getAliasesList"]>[number]["getSpec"]>;

const aliasOf = (spec: Spec): ComponentAlias => ({
  name: spec?.getName() || undefined,
  type: spec?.getType() || undefined,
  project: spec?.getProject() || undefined,
  stack: spec?.getStack() || undefined,
  parent: spec?.hasParenturn() ? spec.getParenturn() : spec?.getNoparent() ? "" : undefined,
});
