import { createPrivateKey, createPublicKey, randomBytes } from "node:crypto";

/** Returns a new private key of WireGuard, as `wg genkey` prints it. */
export function newPrivateKey(): string {
  return clamped(randomBytes(32)).toString("base64");
}

/** Returns the bytes of a private key with the five bits set that have a fixed value in every key (clamping). */
export function clamped(bytes: Buffer): Buffer {
  const key = Buffer.from(bytes);
  key[0] = (key[0] ?? 0) & 248;
  key[31] = ((key[31] ?? 0) & 127) | 64;
  return key;
}

/**
 * Returns the public key that belongs to a private key of WireGuard, as `wg pubkey` prints it. A text that is not a key gives an empty
 * one: the check of the arguments reports it.
 */
export function publicKeyOf(privateKey: string): string {
  const raw = Buffer.from(privateKey, "base64");
  if (raw.length !== 32) return "";
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_X25519, raw]), format: "der", type: "pkcs8" });
  return createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32).toString("base64");
}

/** The beginning of an X25519 private key in PKCS #8, before its 32 bytes. */
const PKCS8_X25519 = Buffer.from("302e020100300506032b656e04220420", "hex");
