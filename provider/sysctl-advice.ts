import { fileOf } from "./sysctl-key.ts";

/** Returns what to do after a sysctl could not be set, by its key and the error message; undefined if there is no advice. */
export function sysctlAdvice(key: string, namespace: string | undefined, said: string): string | undefined {
  if (/cannot stat|no such file/i.test(said)) {
    const named = BY_NAME.find(([keys]) => keys.test(key));
    if (named !== undefined) return named[1](key);
    return namespace === undefined ? ABSENT : `${ABSENT}, or it exists only on the lab host: then remove namespace`;
  }
  if (/invalid argument|numerical result out of range/i.test(said)) {
    if (MACHINE_WIDE.test(key))
      return `${key} applies to the whole machine and is read-only in a network namespace. Set it on the machine itself: sysctl -w ${key}=VALUE`;
    return `the value is out of the key's range, or the key is read-only. sysctl ${key} shows the current value, ls -l ${fileOf(key)} whether the key is writable`;
  }
  if (/read-only file system/i.test(said))
    return "/proc/sys is mounted read-only, as in containers. Run the container with docker run --privileged";
  if (/operation not permitted|permission denied/i.test(said) && CONGESTION.test(key)) {
    return "an unprivileged user can choose only an algorithm that sysctl net.ipv4.tcp_allowed_congestion_control lists. Root can add to that list outside of all namespaces";
  }
  return undefined;
}

const ABSENT = "the key does not exist: it is misspelled, or the module or interface that it belongs to is missing";

const CONGESTION = /^net\.ipv4\.tcp_congestion_control$/;

const MACHINE_WIDE = /^net\.(core\.[rw]mem_(max|default)|netfilter\.nf_conntrack_(max|expect_max|buckets))$/;

/** The advice on keys and values that depend on something else, such as a module or an interface. */
const BY_NAME: readonly (readonly [RegExp, (key: string) => string])[] = [
  [
    CONGESTION,
    () =>
      "the algorithm is not available. sysctl net.ipv4.tcp_available_congestion_control lists those that are; others need a module, e.g. modprobe tcp_bbr",
  ],
  [
    /^net\.core\.default_qdisc$/,
    () =>
      "the queueing discipline does not exist, or its module is not loaded, e.g. modprobe sch_fq. The key exists only on the lab host, so it takes no namespace",
  ],
  [/^net\.bridge\./, () => "keys below net.bridge need the module br_netfilter: modprobe br_netfilter on the lab host"],
  [/^net\.mpls\./, () => "keys below net.mpls need the module mpls_router: modprobe mpls_router on the lab host"],
  [
    /^net\.netfilter\./,
    () => "most keys below net.netfilter need the module nf_conntrack: modprobe nf_conntrack on the lab host",
  ],
  [
    /^net\.ipv[46]\.(conf|neigh)\.(?!(all|default)\.)/,
    (key) => {
      const [, family, link = ""] = /^net\.ipv([46])\.\w+\.([^.]+)\./.exec(key) ?? [];
      const name = link.replaceAll("/", ".");
      const small = family === "6" ? ", or has no IPv6, for example because its MTU is below 1280" : "";
      return `the interface ${name} does not exist there${small}. If the program creates it, set the Sysctl's interface argument to it`;
    },
  ],
];
