package io.vpceni.eni;

import io.vpceni.config.Cidr;
import io.vpceni.pool.NodeLimits;
import java.util.List;

/// What EC2 answers to an [Ec2Call]. Each call says which one.
public sealed interface Ec2Answer {

    /// What an instance type allows.
    record Limits(NodeLimits limits) implements Ec2Answer {}

    /// ENIs as EC2 describes them, perhaps as they were up to a minute ago.
    record Enis(List<Ec2Eni> enis) implements Ec2Answer {
        public Enis {
            enis = List.copyOf(enis);
        }
    }

    /// Subnets as EC2 describes them.
    record Subnets(List<Ec2Subnet> subnets) implements Ec2Answer {
        public Subnets {
            subnets = List.copyOf(subnets);
        }
    }

    /// The new ENI with its blocks.
    record Created(Ec2Eni eni) implements Ec2Answer {}

    /// The attachment's id, as in `eni-attach-0a1b2c3d`.
    record AttachedAs(AttachmentId attachmentId) implements Ec2Answer {}

    /// The new blocks, perhaps fewer than asked for. Some imitations of EC2 list those that were there too.
    record Assigned(List<Cidr> blocks) implements Ec2Answer {
        public Assigned {
            blocks = List.copyOf(blocks);
        }
    }

    /// Done, or done before.
    record Done() implements Ec2Answer {}
}
