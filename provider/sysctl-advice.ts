import { fileOf } from "./sysctl-key.ts";

/** What to do after a sysctl could not be set, by its key and by what was said; undefined where there is nothing to say. */
export function sysctlAdvice(key: string, namespace: string | undefined, said: string): string | undefined {
  if (/cannot stat|no such file/i.test(said)) {
    const named = BY_NAME.find(([keys]) => keys.test(key));
    if (named !== undefined) return named[1](key);
    return namespace === undefined ? ABSENT : `${ABSENT}, or it is the lab host's alone: then leave namespace out`;
  }
  if (/invalid argument|numerical result out of range/i.test(said)) {
    if (MACHINE_WIDE.test(key))
      return `${key} is the whole machine's, and in a network namespace it can only be read. Set it on the machine itself: sysctl -w ${key}=VALUE`;
    return `the value is out of the key's range, or the key can only be read. sysctl ${key} shows a value that it takes, ls -l ${fileOf(key)} whether it can be written`;
  }
  if (/read-only file system/i.test(said))
    return "/proc/sys is mounted read-only, as in containers. Run the container with docker run --privileged";
  if (/operation not permitted|permission denied/i.test(said) && CONGESTION.test(key)) {
    return "only what sysctl net.ipv4.tcp_allowed_congestion_control lists may be chosen here. Root of the machine adds to that list outside of all namespaces";
  }
  return undefined;
}

const ABSENT = "there is no such key: it is misspelled, or the module or the interface that it belongs to is not there";

const CONGESTION = /^net\.ipv4\.tcp_congestion_control$/;

const MACHINE_WIDE = /^net\.(core\.[rw]mem_(max|default)|netfilter\.nf_conntrack_(max|expect_max|buckets))$/;

/** Keys that are there only when something else is. */
const BY_NAME: readonly (readonly [RegExp, (key: string) => string])[] = [
  [
    CONGESTION,
    () =>
      "sysctl net.ipv4.tcp_available_congestion_control lists those that there are. Others come with a module, as with modprobe tcp_bbr",
  ],
  [
    /^net\.core\.default_qdisc$/,
    () =>
      "there is no such queueing discipline, or its module is not loaded, as with modprobe sch_fq. The key is the lab host's alone: it takes no namespace",
  ],
  [
    /^net\.bridge\./,
    () => "the module br_netfilter brings the keys below net.bridge: modprobe br_netfilter on the lab host",
  ],
  [/^net\.mpls\./, () => "the module mpls_router brings the keys below net.mpls: modprobe mpls_router on the lab host"],
  [
    /^net\.netfilter\./,
    () => "the module nf_conntrack brings most keys below net.netfilter: modprobe nf_conntrack on the lab host",
  ],
  [
    /^net\.ipv[46]\.(conf|neigh)\.(?!(all|default)\.)/,
    (key) => {
      const [, family, link = ""] = /^net\.ipv([46])\.\w+\.([^.]+)\./.exec(key) ?? [];
      const name = link.replaceAll("/", ".");
      const small = family === "6" ? `, or it has no IPv6, as with an mtu under 1280` : "";
      return `there is no interface ${name} in that place${small}. Where the program makes it, give it to the Sysctl as its interface`;
    },
  ],
];
