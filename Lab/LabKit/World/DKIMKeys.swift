/// DKIM keys of the lab: `p=` as it is published. Their private halves were thrown away, but for those that the subject wants.
enum DKIMKeys {
    /// Of 2048 bits.
    static let good =
        "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA1RYWh5WpDbpARu35FNWcV7GtLRSkR23lkYIurS9jhHS6KVqlqiyQ"
        + "oP34ngBHGlksehzZRpaunxq/iN2V82dA/MGDbR66rofMD/esHuH3DL2mUnT5av8NNgC8zgNjOXh4XVD7pYS7S8pOVsCjLhBh"
        + "5ATamFzmLveOHT9Iu6AspCEkh01+K9CiR0hmLPcOtDPtGEp93VFrAgfzt2W8a5UhsOFkvwD2UBJJbCjO8fun0kLTVLAZnX8T"
        + "HbVSSF4pCswwbyxIIt/gjXqKC2p+NmtIvabDkNvWv/mIrl3DCuaHuu3xUbaNeiW98+SKELidALz2YOngC/eaMPgr9LgEROB0"
        + "mQIDAQAB"
    /// Another of 2048 bits.
    static let other =
        "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEApu5Oyi2nc/GgFZlhVJjFmoYpXO8bDBYn+sDpEPPYA0pzFnWA20am"
        + "0iu8ENojJ0OPgPF0aUsuXGSY336kKI/i3JKWbuznnv9voBPXPQyrhXxnspcBrs6U4AdGSiXUGlOxmrOKO945tUDmRRe93Sxe"
        + "YalztMVzBbxSEnJO2WpbAm3/D87B9MoabbDzDLpQYEJI6w8oZcFJBF+zvstmzIjfZok+mtXWQ/R4zrcAH7Vrz9jyNUshiDb1"
        + "/Q4FLb/M6MY+NY3uINqR3sgy63UV/me8sBibjVfcI7dLleIVbMGXFmV+0x+c+7uWAgt0MLGtsoMfMoPHSF6YA1MEOOOPGUNQ"
        + "iQIDAQAB"
    static let rsa1024 =
        "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQD2Zr5XOeVDXfANR3H5R6j2jEAed1BcNEFBL70bideDWSg8CWmj0ok0uO5R"
        + "ogGtwWdE9k/9TGUAcYuTIsV2NszOp6t+IZGwxqDY5Yn8V+tW89L3v6G+/xMY0SQpaUIS9BR07UjGsc3KMVSGsaAlFVNPZjyu"
        + "tzg0rhkYxVsu40OAlQIDAQAB"
    static let rsa1536 =
        "MIHfMA0GCSqGSIb3DQEBAQUAA4HNADCByQKBwQC/sJmHw8nGKq8g3SrEvpOXZCqpDHS32zPAsOt29bKHGUf/FzegyGu4n78e"
        + "NFMxAevd+YIXjh5MHBx+X8Ljs6s6A+YTZ8/tQhe14ddLIWwMQSPef4ReXx4uX5OvZKfD/UZKVothbE7Ldz2j8ncftTGqW9rp"
        + "HHwN0zM217GbHHfIkUwnBLYVzjPRV3RTu2QdJwS6zdp6ZXm9wgG74JQFoE8qpzR0Aq/i7/6ps4zqsdiVLd9Ug//HC6X7Mj2D"
        + "S/pMgX0CAwEAAQ=="
    static let rsa512 =
        "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBANvvNlo9nPsGASEmyrLujNHsNcU8fbPTCoGjcWXdQJT1bXYc9UW8NEXucwtzT3jk"
        + "7rzHEPsS1bStpFjD0AQppBkCAwEAAQ=="
    static let rsa4224 =
        "MIICMjANBgkqhkiG9w0BAQEFAAOCAh8AMIICGgKCAhEA1cLzE/PWL/OllQ58tQbe4yN2cxWuW/1kKoALYEiLgobrecyW2H4W"
        + "XEaebsUKf9Fj2n2SPDfgvdPG799ErE/GghFfB8+79JIz/y6c1GztfbvqkFJ/NTLPOSLZq8kLRrEA6an8b5GLbwFrkOKmijkH"
        + "nRCk8B1W102/RmRjC7SjbHv/1yVh/2xn6XRRYh2ADyMfp8P9JixW59wNIzmHe62zbEBmcKSaMlUNt3uSUmC6QMlZ3wGSfhO5"
        + "JDmNPt8S548I/u4tMgAenbEG3sYAqUo1nyxfFdl8aiqWkih7yCnXL4ZuBU/u5Hd1Pw7+Xxg+qqfXD1KvofoEcbipjuPqL/Tm"
        + "ymKZnjUtr2QbPQILIntcs4EEGDWzYFCsbXVv0sFRrgPSYzS03BQ0+4b74Veu3VKOpFYGgHOl/zpgn8oq8pcR1P4vEe0BSjfD"
        + "JzkR+2zAZl6kIQvryHxbNZmUicmvkNKw2Le4tN1N3IXkAaXj5No5fvF+Y/M5CCbCPdotLpzMtrTfYapMniWXuqdpbTu4anYO"
        + "DAMqrr0Q4pvZwflzlOxi+g83R8WzhVLlhUHdJ6FRrOTObdGTz591yWDiNL0PIkMhmMOYKvVdpe/gcx1b0F++QzhWTnncl5Bv"
        + "gjnysFXhbq5qrIR2zq7tCgKUEotpTZWo/TqvEHWtXY8tMasyWq+Zu7Ffqvq5HEQGSiAdnxgNlMZNAgMBAAE="
    static let exponent3 =
        "MIIBIDANBgkqhkiG9w0BAQEFAAOCAQ0AMIIBCAKCAQEAvhYmywmUrChEejNOG8RLQQlOTuKVlnlO7xMRMqBsz434JkJME88x"
        + "dNesCJlkPB13Y/ut93kYwjPAIn7MSPoVrl5qRxuuKoaznfOYavrESUkQGuhMFpq2XX6MLSOhMWGrs3ryW+Q9Oa9yamJqu7cL"
        + "7H233R5ciItesWasDWMVyAgV5OT8eOJmD1bawAyqajciI35230FfhLLTl68W9X/Qe6NxjKyjSLSvynXZptsyl51KDCtfydDE"
        + "uJU3fS81HrgjkaPBg7poEwDYt9NioYiyoGdAIH+M54a5yW88H0tF6SR6BBo4LhR+AfcYfjG7dcxd0OxXNIeRzEWyUpYlYnDQ"
        + "+QIBAw=="
    static let exponent1 =
        "MIIBIDANBgkqhkiG9w0BAQEFAAOCAQ0AMIIBCAKCAQEA1B75j4yXa7+GqdrOkMeeqJToYs7ctSWszRfFvcSDmb6Fy2Yzgi23"
        + "BcdaAMRGyn0i0gC7X7fRTLbTV5BxMB/YXB5dLA93TTxFQjbsIiAm5Bl5+MxM/5BNoiixIraK6L4mffYO7pVGnIfLttnf9L0v"
        + "LFRcRikodzXx8pPsYAFdy6yKUfQb8SNtnfKDgD9G9MFjr/IB6KVSABCBbtq19ynHnyY5roi4SU/B9SxsOY3qSMqoHtLFsRsy"
        + "b018GdI0d7IHk8W3QzQz2RLm8JJiZMz314WFD0Z9x7N8ic1Vs4Kwoly98bIgRLi9t1PfWSWhrCA/oueVsQmK8zDKqQcZTmtc"
        + "9wIBAQ=="
    /// Primes as in CVE-2017-15361.
    static let roca =
        "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA+px86AxZ0F5Y6bYtIybRldQ+d4f8EGtNxju4GsprNriSoLo0pOoM"
        + "NteTcITaHJcivDznXDW8jqMyO6UZhJaJqUC8jfqqmDV2f4AGkg/sPwyFGVbsgMgjuQU4pn07g1kgoNb2pQAa6PYLgsLFHYeu"
        + "qH2o0wkH5YcDWhDCmMyS5Gg/fw8fWrtrbinoM5U56SQAg4J1T29XKuqB1+J+0h8gg96iaXx65P4REol8HdU/NOwvuESetA4H"
        + "iMaOVkYz44sFVyZGktR8SGEazkH/2rajtKTkwdzvQ7iXVxtry7vqervEWucxQq046HBnuKlyB/M6Fl0wCqrVdsdkqMOsq0k0"
        + "nQIDAQAB"
    /// Divisible by 997.
    static let smallFactor =
        "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA9OYiwdj0yGHqMS5jA26xWuxY9ulUbFRdpnMOf7rQtMTaaAGAabjN"
        + "EJ9RDrw/jZl2m22xmAjKZgOiv1pVVqhQSc6UPtahivWSdL5wFTwaLhFsWwtnJ3P5CBut8ss14q+/oZyJE9e3E7pwYcc62maY"
        + "WNfcOP+J1JK6Pg79UVFjJiZ70ZK22RrxGdueRfEJ2CGxP2czdgg8oEDrYpf0HymsT5dwW6jLk70jgfdLnLzHkIhjc/+95YXs"
        + "GrfXponxbmBpIcTHSKZbpWQTtweyVUV3O+HhO/LlOh/foR0q1AEV637cAwR7Ma6fXe2rlElxFrHwwwK6fdSdidyCy/nrIW51"
        + "BwIDAQAB"
    /// RFC 6376 appendix C.
    static let published =
        "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v"
        + "3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToI"
        + "MmPSPDdQPNUYckcQ2QIDAQAB"
    /// The 32 octets.
    static let edwards =
        "80f+dO0TdOd5mWmeN3qYOl1EpwnCcCOWE9/rAwswB+c="
    /// The same, with a SubjectPublicKeyInfo around them.
    static let edwardsSPKI =
        "MCowBQYDK2VwAyEA80f+dO0TdOd5mWmeN3qYOl1EpwnCcCOWE9/rAwswB+c="
    /// RSAPrivateKey (PKCS#1) of 512 bits, made to be published.
    static let privateKey =
        "MIIBOwIBAAJBAN3dTbwbtBwGMZr67GlFbF+pl7I1YI6uBs+vMh/RGR5iOiM5W5R/TF8HWpvTAHuQqNRtlEE6GVckQZ+4BFw2"
        + "6UECAwEAAQJAJoueR8IgZoYE9EIH9Lok+/HA8ysm3WMKt+ZeNPzk+kwPru8VjjaefBY+vrTYttkLsdM7UWRJlHuOczO6dlVC"
        + "6QIhAPKPFyIfMoY6JaHlBf7zJBaafTWk9wa9+MKLI/oR3aV/AiEA6iik45YIRdX+CEj/1REhdpjBLEcaOGYPr35K+b2yUT8C"
        + "IQCcQMVcO9CmW0rm0cxdAnBbB0ZlilF/zF01pcCVVXD9LQIgEluRYc5XY7I9MkUW2Yt4RiX/rwr8AUPvIuER27aFjl0CIQCg"
        + "YVAuPz3LbMXt1/rmaMYVJDtiRV6ItLmt8U+EYFhckA=="
}
