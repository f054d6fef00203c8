import { expect, test } from "vitest";
import { segmentsIn } from "../../inspect/declared-segments.ts";
import { resourceView } from "../support/resource-view.ts";

/** A network over a VXLAN between two hypervisors, with a machine on each. */
const tenant = (name: string, vni: number, host?: string) =>
  [1, 2].flatMap((number) => {
    const at = { namespace: `hv${number}`, ...(host !== undefined && { host }) };
    return [
      resourceView("Bridge", `${name}-br${number}`, { name: `br-${name}`, ...at }),
      resourceView("Vxlan", `${name}-vx${number}`, {
        ...{ name: `vx-${name}`, ...at, vni, dstport: 4789, master: `br-${name}` },
        ...{ local: `192.0.2.${number}`, remote: `192.0.2.${3 - number}` },
      }),
      resourceView("Veth", `${name}-vm${number}`, {
        a: { name: "eth0", namespace: `${name}${number}`, addresses: [`10.0.0.${number}/24`] },
        b: { name: `tap-${name}`, namespace: `hv${number}`, master: `br-${name}` },
        ...(host !== undefined && { host }),
      }),
    ];
  });

test.each([undefined, "lab2"])(
  "a tunnel connects the segments of its ends, and not those of another VNI (lab host %s)",
  (host) => {
    const { of, addresses } = segmentsIn([...tenant("red", 100, host), ...tenant("blue", 200, host)]);
    const at = (place: string) => of(host === undefined ? place : `${host}/${place}`, "eth0");
    expect(at("red1")).toBeDefined();
    expect(at("red1")).toBe(at("red2"));
    expect(at("blue1")).toBe(at("blue2"));
    expect(at("red1")).not.toBe(at("blue1"));
    expect(at("green1")).toBeUndefined();
    expect(addresses).toContainEqual({
      ...{ place: host === undefined ? "red2" : `${host}/red2`, link: "eth0", address: "10.0.0.2" },
      ...{ resource: "Veth red-vm2", segment: at("red2") },
    });
  },
);

test("tunnels that do not send to each other connect nothing", () => {
  const all = tenant("red", 100).map((one) =>
    one.name === "red-vx2" ? { ...one, outputs: { ...one.outputs, remote: "192.0.2.9" } } : one,
  );
  const { of } = segmentsIn(all);
  expect(of("red1", "eth0")).not.toBe(of("red2", "eth0"));
});
