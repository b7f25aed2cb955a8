package import AssayModel

/// Decides which addresses may be connected to. Asked at resolution by the probes and again here, at connect.
package struct AddressGuard: Sendable {
    /// Loopback and private ranges may be connected to: for labs and for networks of one's own.
    package let allowsPrivate: Bool

    package init(allowsPrivate: Bool) {
        self.allowsPrivate = allowsPrivate
    }

    /// The address as one that may be connected to, or why not.
    package func vet(_ address: IPAddress) -> Result<VettedAddress, RefusedAddress> {
        guard let purpose = address.specialPurpose else { return .success(VettedAddress(address)) }
        if allowsPrivate, purpose.isPrivate { return .success(VettedAddress(address)) }
        return .failure(RefusedAddress(purpose: purpose))
    }
}

/// An address that `AddressGuard` let pass; nothing else can be dialled.
package struct VettedAddress: Hashable, Sendable {
    package let address: IPAddress
    fileprivate init(_ address: IPAddress) { self.address = address }
}

package struct RefusedAddress: Error {
    package let purpose: IPAddress.SpecialPurpose
}
