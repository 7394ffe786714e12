package io.vpceni.config;

/// Where an ENI is attached to an instance: EC2's network card index and device index.
///
/// @param networkCard 0 for the first; 0 or more
/// @param deviceIndex on its card; 0 or more
public record DeviceSlot(int networkCard, int deviceIndex) {
    /// @throws IllegalArgumentException when one of them is negative
    public DeviceSlot {
        if (networkCard < 0 || deviceIndex < 0) {
            throw new IllegalArgumentException(
                    "network card " + networkCard + ", device index " + deviceIndex + ": none is below 0");
        }
    }

    /// Where EC2 attaches the ENI that an instance is started with.
    public static final DeviceSlot PRIMARY = new DeviceSlot(0, 0);

    /// Whether the primary ENI is there.
    public boolean isPrimary() {
        return equals(PRIMARY);
    }
}
