import COpenSSL

/// RSA keys of 2048 bits that nobody should use.
enum WeakKey: Sendable, Hashable {
    /// The public exponent is 3.
    case smallExponent
    /// Primes as Infineon's library made them: k * M + (65537^a mod M), M the product of the first 126 primes
    /// (CVE-2017-15361; Nemec et al., "The Return of Coppersmith's Attack", section 2).
    case roca
    /// One prime is 997.
    case smallFactor

    private static let bits: Int32 = 2048

    func key() -> OpaquePointer {
        while true {
            let (p, q, exponent) = parts()
            if let key = Self.assemble(p, q, exponent) { return key }
        }
    }

    private func parts() -> (OpaquePointer, OpaquePointer, UInt) {
        switch self {
        case .smallExponent: (Self.prime(1024), Self.prime(1024), 3)
        case .roca: (Self.rocaPrime(), Self.rocaPrime(), 65_537)
        case .smallFactor: (Self.number(997), Self.prime(2038), 65_537)
        }
    }

    private static func number(_ value: UInt) -> OpaquePointer {
        let number = made(BN_new())
        BN_set_word(number, value)
        return number
    }

    private static func prime(_ bits: Int32) -> OpaquePointer {
        let prime = made(BN_new())
        precondition(BN_generate_prime_ex(prime, bits, 0, nil, nil, nil) == 1)
        return prime
    }

    private static func rocaPrime() -> OpaquePointer {
        let context = made(BN_CTX_new())
        defer { BN_CTX_free(context) }
        let product = number(1)
        defer { BN_free(product) }
        let small = (2...701).filter { number in (2..<number).allSatisfy { number % $0 != 0 } }
        for prime in small { BN_mul_word(product, UInt(prime)) }
        let generator = number(65_537)
        defer { BN_free(generator) }
        while true {
            let candidate = made(BN_new())
            let (factor, power) = (made(BN_new()), made(BN_new()))
            defer {
                BN_free(factor)
                BN_free(power)
            }
            // The highest bit is set (BN_RAND_TOP_ONE); a product that is a bit too long or short is thrown away.
            BN_rand(factor, bits / 2 - BN_num_bits(product) + 1, 0, 0)
            BN_rand(power, 64, -1, 0)
            BN_mod_exp(power, generator, power, product, context)
            BN_mul(candidate, factor, product, context)
            BN_add(candidate, candidate, power)
            if BN_num_bits(candidate) == bits / 2, BN_check_prime(candidate, context, nil) == 1 { return candidate }
            BN_free(candidate)
        }
    }

    /// nil where the modulus came out short, or the exponent has no inverse.
    private static func assemble(_ p: OpaquePointer, _ q: OpaquePointer, _ exponent: UInt) -> OpaquePointer? {
        let context = made(BN_CTX_new())
        let (modulus, totient, inverse, public_) = (made(BN_new()), made(BN_new()), made(BN_new()), number(exponent))
        defer {
            for value in [p, q, modulus, totient, inverse, public_] { BN_free(value) }
            BN_CTX_free(context)
        }
        BN_mul(modulus, p, q, context)
        BN_sub_word(p, 1)
        BN_sub_word(q, 1)
        BN_mul(totient, p, q, context)
        guard BN_num_bits(modulus) == bits, BN_mod_inverse(inverse, public_, totient, context) != nil else {
            return nil
        }
        return copenssl_rsa_of(modulus, public_, inverse)
    }
}
