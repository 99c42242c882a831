declare module "bcrypt-pbkdf" {
  const bcrypt: {
    /** OpenBSD's bcrypt_pbkdf(3): fills `key`. Anything but 0 is a failure. */
    pbkdf(
      pass: Uint8Array,
      passLength: number,
      salt: Uint8Array,
      saltLength: number,
      key: Uint8Array,
      keyLength: number,
      rounds: number,
    ): number;
  };
  export default bcrypt;
}
