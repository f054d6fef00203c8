import { exclusiveClaims } from "../claims.ts";
import { placeId } from "../kind.ts";
import { oneOf } from "../values.ts";
import { linkKindWithoutMac } from "./link-kind.ts";
import { defaulted, type OptionSource } from "./link-option.ts";
import { parentOptions } from "./link-parent.ts";

const FLAGS = ["bridge", "private", "vepa"] as const;

const options = {
  ...parentOptions(),
  mode: defaulted(oneOf(["l2", "l3", "l3s"]), "mode", "l3"),
  flag: {
    ...defaulted(oneOf(FLAGS), "flag", "bridge"),
    words: (flag: unknown) => [String(flag)],
    read: ({ data }: OptionSource) => FLAGS.find((flag) => data[flag] === true),
  },
};

export const ipvlan = linkKindWithoutMac({
  type: "Ipvlan",
  device: "ipvlan",
  options,
  // The kernel keeps mode and flag with the parent: a change of one ipvlan changes all of them.
  claims: ({ link, linkNamespace, mode, flag, addresses = [] }) =>
    link === undefined
      ? []
      : [
          {
            name: `ipvlan mode of ${placeId(linkNamespace, link)}`,
            sharedValue: `${mode} ${flag}`,
            changesTogether: true,
          },
          ...exclusiveClaims(
            ...addresses.map((address) => `IP address ${address.split("/")[0]} on ${placeId(linkNamespace, link)}`),
          ),
        ],
});
