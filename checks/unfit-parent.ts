import { type Check, type LabLink, told } from "./check.ts";

/** A link on a parent that the kernel does not give it: on a port of a bridge, or on a link that stands on a parent in the same way. */
export const unfitParent: Check = ({ links, ports }) => {
  const bridgeOf = new Map(ports.map(({ link, bridge }) => [link, bridge]));
  const troubleWith = (parent: string): string | undefined => {
    const bridge = bridgeOf.get(parent);
    if (bridge !== undefined && links.get(bridge)?.traits.device === "bridge")
      return (
        `${parent}, which is a port of the bridge ${bridge}: the kernel refuses it ("Device or resource busy").\n` +
        `  what to do: put it on the bridge ${bridge}, or take the port out of the bridge`
      );
    const under = links.get(parent);
    return under?.traits.takesParent && under.parent !== undefined ? onChild(parent, under) : undefined;
  };
  return [...links.values()].flatMap(({ resource, traits, parent }) => {
    const trouble = traits.takesParent && parent !== undefined ? troubleWith(parent) : undefined;
    return trouble === undefined ? [] : [{ about: resource, message: `${told(resource)} is to stand on ${trouble}` }];
  });
};

const onChild = (parent: string, { traits, parent: lower }: LabLink): string =>
  `${parent}, a ${traits.device} itself: the kernel puts it on ${lower} instead, and each refresh shows that as drift.\n` +
  `  what to do: name ${lower} as its link`;
