import { expect, test } from "@jest/globals";
import { isAddressList } from "../../../../src/ssh/inspect/source-address.js";
import { goodAddressLists, badAddressLists } from "../../../programs/address-lists.js";

test.each(badAddressLists)("%j is no list of addresses", (list) => {
  expect(isAddressList(list)).toBe(false);
});

// ssh-keygen takes these short forms for addresses; nobody should have to guess what they mean
test.each(["10.1", "10", "010.0.0.1"])("%j is none either", (list) => {
  expect(isAddressList(list)).toBe(false);
});

test.each(goodAddressLists)("%j is one", (list) => {
  expect(isAddressList(list)).toBe(true);
});
