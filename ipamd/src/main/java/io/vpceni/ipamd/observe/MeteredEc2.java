package io.vpceni.ipamd.observe;

import io.vpceni.config.Cidr;
import io.vpceni.eni.Ec2;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.EniRequest;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import io.vpceni.pool.NodeLimits;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/// [Ec2] with each call counted and timed under EC2's name for it.
public final class MeteredEc2 implements Ec2 {
    private final Ec2 ec2;
    private final Metrics metrics;
    private final LongSupplier nanos;

    public MeteredEc2(Ec2 ec2, Metrics metrics, LongSupplier nanos) {
        this.ec2 = ec2;
        this.metrics = metrics;
        this.nanos = nanos;
    }

    private interface Call<T> {
        T run() throws Ec2Failure;
    }

    @Override
    public NodeLimits limits(String instanceType) throws Ec2Failure {
        return metered("DescribeInstanceTypes", () -> ec2.limits(instanceType));
    }

    @Override
    public List<Ec2Eni> enisOf(String instanceId) throws Ec2Failure {
        return metered("DescribeNetworkInterfaces", () -> ec2.enisOf(instanceId));
    }

    @Override
    public Ec2Eni eni(EniId id) throws Ec2Failure {
        return metered("DescribeNetworkInterfaces", () -> ec2.eni(id));
    }

    @Override
    public Ec2Eni create(EniRequest request, String clientToken) throws Ec2Failure {
        return metered("CreateNetworkInterface", () -> ec2.create(request, clientToken));
    }

    @Override
    public String attach(EniId id, String instanceId, int networkCard, int deviceIndex) throws Ec2Failure {
        return metered("AttachNetworkInterface", () -> ec2.attach(id, instanceId, networkCard, deviceIndex));
    }

    @Override
    public void detach(String attachmentId) throws Ec2Failure {
        metered("DetachNetworkInterface", () -> {
            ec2.detach(attachmentId);
            return true;
        });
    }

    @Override
    public void delete(EniId id) throws Ec2Failure {
        metered("DeleteNetworkInterface", () -> {
            ec2.delete(id);
            return true;
        });
    }

    @Override
    public List<Ec2Eni> unattachedOf(String instanceId) throws Ec2Failure {
        return metered("DescribeNetworkInterfaces", () -> ec2.unattachedOf(instanceId));
    }

    @Override
    public List<Cidr> assign(EniId id, BlockKind kind, int count) throws Ec2Failure {
        String action = switch (kind) {
            case ADDRESS, PREFIX -> "AssignPrivateIpAddresses";
            case IPV6_PREFIX -> "AssignIpv6Addresses";
        };
        return metered(action, () -> ec2.assign(id, kind, count));
    }

    @Override
    public void unassign(EniId id, BlockKind kind, List<Cidr> blocks) throws Ec2Failure {
        String action = switch (kind) {
            case ADDRESS, PREFIX -> "UnassignPrivateIpAddresses";
            case IPV6_PREFIX -> "UnassignIpv6Addresses";
        };
        metered(action, () -> {
            ec2.unassign(id, kind, blocks);
            return true;
        });
    }

    private <T> T metered(String action, Call<T> call) throws Ec2Failure {
        long began = nanos.getAsLong();
        String error = "";
        try {
            return call.run();
        } catch (Ec2Failure e) {
            error = e.kind().name();
            throw e;
        } finally {
            metrics.ec2Call(action, error, Duration.ofNanos(nanos.getAsLong() - began));
        }
    }
}
