package io.vpceni.lab.ec2.model;

import io.vpceni.lab.ec2.query.Ec2Refusal;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;

/// The types of instance that can be launched: a choice from EC2's hundreds that covers each pair of limits in use, and
/// lab9.large, which EC2 does not have: for nodes of a type that nobody knows.
public final class InstanceTypeCatalog {
    // name arch hypervisor vcpus memoryMiB cards enisPerCard addressesPerEni performance
    private static final String TABLE = """
            c5.large x86_64 nitro 2 4096 1 3 10 Up_to_10_Gigabit
            c5.xlarge x86_64 nitro 4 8192 1 4 15 Up_to_10_Gigabit
            c5.2xlarge x86_64 nitro 8 16384 1 4 15 Up_to_10_Gigabit
            c5.4xlarge x86_64 nitro 16 32768 1 8 30 Up_to_10_Gigabit
            c5.9xlarge x86_64 nitro 36 73728 1 8 30 12_Gigabit
            c5.18xlarge x86_64 nitro 72 147456 1 15 50 25_Gigabit
            c5n.18xlarge x86_64 nitro 72 196608 1 15 50 100_Gigabit
            c6g.large arm64 nitro 2 4096 1 3 10 Up_to_10_Gigabit
            c6i.large x86_64 nitro 2 4096 1 3 10 Up_to_12.5_Gigabit
            lab9.large x86_64 nitro 2 8192 1 3 10 Up_to_10_Gigabit
            m4.large x86_64 xen 2 8192 1 2 10 Moderate
            m4.xlarge x86_64 xen 4 16384 1 4 15 High
            m5.large x86_64 nitro 2 8192 1 3 10 Up_to_10_Gigabit
            m5.xlarge x86_64 nitro 4 16384 1 4 15 Up_to_10_Gigabit
            m5.2xlarge x86_64 nitro 8 32768 1 4 15 Up_to_10_Gigabit
            m5.4xlarge x86_64 nitro 16 65536 1 8 30 Up_to_10_Gigabit
            m5.16xlarge x86_64 nitro 64 262144 1 15 50 20_Gigabit
            m5.24xlarge x86_64 nitro 96 393216 1 15 50 25_Gigabit
            m5dn.24xlarge x86_64 nitro 96 393216 1 15 50 100_Gigabit
            m6g.large arm64 nitro 2 8192 1 3 10 Up_to_10_Gigabit
            m6g.xlarge arm64 nitro 4 16384 1 4 15 Up_to_10_Gigabit
            m6i.large x86_64 nitro 2 8192 1 3 10 Up_to_12.5_Gigabit
            m6i.xlarge x86_64 nitro 4 16384 1 4 15 Up_to_12.5_Gigabit
            m7g.large arm64 nitro 2 8192 1 3 10 Up_to_12.5_Gigabit
            m7i.large x86_64 nitro 2 8192 1 3 10 Up_to_12.5_Gigabit
            p4d.24xlarge x86_64 nitro 96 1179648 4 15 50 4x_100_Gigabit
            r5.large x86_64 nitro 2 16384 1 3 10 Up_to_10_Gigabit
            t2.medium x86_64 xen 2 4096 1 3 6 Low_to_Moderate
            t2.small x86_64 xen 1 2048 1 3 4 Low_to_Moderate
            t3.nano x86_64 nitro 2 512 1 2 2 Up_to_5_Gigabit
            t3.micro x86_64 nitro 2 1024 1 2 2 Up_to_5_Gigabit
            t3.small x86_64 nitro 2 2048 1 3 4 Up_to_5_Gigabit
            t3.medium x86_64 nitro 2 4096 1 3 6 Up_to_5_Gigabit
            t3.large x86_64 nitro 2 8192 1 3 12 Up_to_5_Gigabit
            t3.xlarge x86_64 nitro 4 16384 1 4 15 Up_to_5_Gigabit
            t3.2xlarge x86_64 nitro 8 32768 1 4 15 Up_to_5_Gigabit
            t4g.small arm64 nitro 2 2048 1 3 4 Up_to_5_Gigabit
            t4g.medium arm64 nitro 2 4096 1 3 6 Up_to_5_Gigabit
            trn1.32xlarge x86_64 nitro 128 524288 8 5 50 8x_100_Gigabit
            """;

    private final SortedMap<String, InstanceType> byName = new TreeMap<>();

    public InstanceTypeCatalog() {
        TABLE.lines().map(InstanceTypeCatalog::parse).forEach(type -> byName.put(type.name(), type));
    }

    public Collection<InstanceType> all() {
        return byName.values();
    }

    /// @throws Ec2Refusal `InvalidInstanceType`
    public InstanceType get(String name) {
        InstanceType type = byName.get(name);
        if (type == null) {
            throw new Ec2Refusal(
                    "InvalidInstanceType", "The following supplied instance types do not exist: [" + name + "]");
        }
        return type;
    }

    /// The type of an instance that is to be launched: EC2 refuses it with another code there.
    ///
    /// @throws Ec2Refusal `InvalidParameterValue`
    public InstanceType launchable(String name) {
        InstanceType type = byName.get(name);
        if (type == null) {
            throw new Ec2Refusal("InvalidParameterValue", "Invalid value '" + name + "' for InstanceType.");
        }
        return type;
    }

    private static InstanceType parse(String line) {
        String[] column = line.split(" ", -1);
        return new InstanceType(
                column[0],
                column[1],
                column[2],
                Integer.parseInt(column[3]),
                Integer.parseInt(column[4]),
                Integer.parseInt(column[5]),
                Integer.parseInt(column[6]),
                Integer.parseInt(column[7]),
                column[8].replace('_', ' '));
    }
}
