/** Before the tests of test/beside: their lab is another than the default one, so that both run side by side. */
process.env.SSH_TRUST_LAB = "beside";
