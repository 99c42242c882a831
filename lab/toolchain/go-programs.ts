/** Programs of the lab and of its tests that are built where they cannot be pulled. */
import { fetcher } from "../../src/toolchain/go-program.js";
import { hashicorpVault, minio } from "./versions.js";

/** HashiCorp's Vault (without its UI): for tests on machines that cannot pull its image. */
export const fetchHashicorpVault = fetcher({
  name: "hashicorp-vault",
  file: "vault",
  title: "HashiCorp Vault",
  pin: hashicorpVault,
});

/** The object store of the lab. */
export const fetchMinio = fetcher({ name: "minio", file: "minio", title: "MinIO", pin: minio });
